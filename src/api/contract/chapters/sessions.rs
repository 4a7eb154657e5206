//! The chapter of signing in and out. How sign-ins live and end is decided in `service::sessions`.

use super::{Chapter, Described, Input, Part, Shown, ids};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Sessions,
    title: ("Sessions", "Inloggningar"),
    text: (
        "A member of staff signs in with user name and password, or at the municipality's provider of single sign-on, and gets an access token of at most five minutes and a refresh token that is exchanged for new ones. Signing out takes effect at once.",
        "En medarbetare loggar in med användarnamn och lösenord, eller hos kommunens leverantör av gemensam inloggning, och får ett åtkomstbevis (access token) som gäller i högst fem minuter och ett förnyelsebevis (refresh token) som byts mot nya. Att logga ut gäller genast.",
    ),
    shown: &[Shown {
        resource: Resource::Sessions,
        name: "OpenSession",
        as_it_was: None,
        text: ("A sign-in of yours that still runs.", "En inloggning av dig som fortfarande gäller."),
        properties: &[
            p("id", Id, ids::SESSION, "The session's id.", "Inloggningens id."),
            p("createdAt", Instant, "2026-11-24T08:00:00.000000Z", "When you signed in.", "När du loggade in."),
            p("refreshedAt", Instant, "2026-11-24T08:05:00.000000Z", "When it was last renewed.", "När den senast förnyades."),
            p("expiresAt", Instant, "2026-11-24T09:05:00.000000Z", "When it ends unless it is renewed.", "När den upphör om den inte förnyas."),
            p("isCurrent", YesNo, "true", "Whether it is the one in which you ask.", "Om det är den som du frågar i."),
        ],
    }],
    parts: &[Part {
        name: "SingleSignOnStart",
        text: ("A sign-in at the provider that has begun.", "En inloggning hos leverantören som har börjat."),
        properties: &[
            p("flow", Text(100), "xT8wQm9aPeG7oKiF4tVbQzMZk3vT1q8yB6nXw0sLr5d", "The handle of the flow. The client keeps it in the tab that began (`sessionStorage`), gives it to nobody else, and sends it back with what the provider answers.", "Flödets handtag. Klienten behåller det i den flik som började (`sessionStorage`), ger det inte till någon annan och skickar tillbaka det med leverantörens svar.").always(),
            p("authorizationAddress", Text(0), "https://login.kommun.example/authorize?response_type=code&client_id=kaa&state=k2", "Where the browser goes next. The provider sends it back to the one address that the operator has configured.", "Dit webbläsaren går härnäst. Leverantören skickar tillbaka den till den enda adress som driften har angett.").always(),
            p("expiresAt", Instant, "2026-11-24T08:10:00.000000Z", "Until when the flow can be completed.", "Till när flödet kan slutföras.").always(),
        ],
    }, Part {
        name: "SigningKey",
        text: ("A key that signs access tokens. The key itself is nowhere shown or stored.", "En nyckel som signerar åtkomstbevis. Själva nyckeln visas och sparas ingenstans."),
        properties: &[
            p("kid", Text(60), "9f1c4e0a72b3d586", "Its id, as access tokens name it.", "Dess id, så som åtkomstbevisen anger det.").always(),
            p("signsFrom", Instant, "2026-11-24T08:02:00.000000Z", "From when it signs. The one before is accepted for five minutes more.", "Från när den signerar. Den föregående godtas i fem minuter till.").always(),
        ],
    }, Part {
        name: "Session",
        text: ("A sign-in with its tokens.", "En inloggning med sina bevis."),
        properties: &[
            p("accessToken", Text(0), "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTk5YTFjNCJ9.c2lnbmF0dXJl", "Sent in `Authorization: Bearer` with every request.", "Skickas i `Authorization: Bearer` med varje begäran.").always(),
            p("tokenType", OneOf(&["Bearer"]), "Bearer", "How the access token is sent.", "Hur åtkomstbeviset skickas.").always(),
            p("expiresIn", Whole(1, 300), "300", "Seconds until the access token expires.", "Sekunder tills åtkomstbeviset går ut.").always(),
            p("refreshToken", Text(200), "Zk3vT1q8yB6nXw0sLr5dHc2uJm9aPeG7oKiF4tVbQzM", "Exchanged once for new tokens. Used a second time it ends the session, since somebody else may have it.", "Byts en gång mot nya bevis. Används det en gång till avslutas inloggningen, eftersom någon annan kan ha det.").always(),
            p("refreshExpiresAt", Instant, "2026-11-24T09:00:00.000000Z", "When the session ends unless it is renewed.", "När inloggningen upphör om den inte förnyas.").always(),
            p("userId", Id, ids::USER, "Who has signed in.", "Vem som har loggat in.").always(),
        ],
    }],
    operations: &[
        Described::of(Operation::SignIn,
            ("Sign in", "Signs in with user name and password. An unknown user name, a wrong password and an inactive account get the same answer after the same time. After repeated failures the wait grows, for the account and for the address. Whoever has a second factor sends its code too: without it the answer to a right password is `second-factor-required`. A code counts once."),
            ("Logga in", "Loggar in med användarnamn och lösenord. Okänt användarnamn, fel lösenord och avstängt konto får samma svar efter lika lång tid. Efter upprepade misslyckanden växer väntetiden, för kontot och för adressen. Den som har en andra faktor skickar också dess kod: utan den blir svaret på rätt lösenord `second-factor-required`. En kod gäller en gång."))
            .takes(&[
                Input::Own(p("username", Text(200), "anna.lind", "The user name; capital letters do not matter.", "Användarnamnet; stora bokstäver spelar ingen roll.").always()),
                Input::Own(p("password", Text(200), "en lång mening som bara jag kan", "The password.", "Lösenordet.").always().write_only()),
                Input::Own(p("code", Text(40), "287082", "The code of the second factor, or a recovery code; for those who have one.", "Den andra faktorns kod, eller en återställningskod; för den som har en.").write_only()),
            ])
            .answers("Session")
            .errors(&[ErrorCode::WrongCredentials, ErrorCode::SecondFactorRequired, ErrorCode::WrongSecondFactor, ErrorCode::TooManyAttempts]),
        Described::of(Operation::StartSingleSignOn,
            ("Begin a sign-in at the provider", "Begins a sign-in by single sign-on (OpenID Connect, authorisation code with PKCE). The client keeps `flow` and sends the browser to `authorizationAddress`; what the provider appends to the client's own address afterwards goes to `completeSingleSignOn`, together with `flow`. A flow lives for ten minutes and is good for one answer."),
            ("Börja en inloggning hos leverantören", "Börjar en gemensam inloggning (OpenID Connect, authorization code med PKCE). Klienten behåller `flow` och skickar webbläsaren till `authorizationAddress`; det som leverantören sedan lägger till klientens egen adress skickas till `completeSingleSignOn` tillsammans med `flow`. Ett flöde gäller i tio minuter och för ett svar."))
            .answers("SingleSignOnStart")
            .errors(&[ErrorCode::SingleSignOnOff, ErrorCode::TooManyAttempts, ErrorCode::ProviderUnavailable]),
        Described::of(Operation::CompleteSingleSignOn,
            ("Complete a sign-in at the provider", "Exchanges what the provider has answered for a session, the same as an ordinary sign-in gives. `state` must be that of the flow, and the flow that of this browser: an answer that somebody else began is refused, and so is one that was used before, whatever was wrong (`flow-not-valid`). Whoever has no account here, or no role by the provider's claims, is told so (`no-account`). Whoever has a second factor here and was not asked for one by the provider gets `second-factor-required`; the client then sends `flow` and `secondFactorCode` alone."),
            ("Slutför en inloggning hos leverantören", "Byter leverantörens svar mot en inloggning, samma som en vanlig inloggning ger. `state` måste höra till flödet, och flödet till denna webbläsare: ett svar som någon annan började godtas inte, och inte heller ett som redan har använts, vad som än var fel (`flow-not-valid`). Den som inte har något konto här, eller ingen roll enligt leverantörens uppgifter, får veta det (`no-account`). Den som har en andra faktor här och inte har tillfrågats om någon av leverantören får `second-factor-required`; klienten skickar då bara `flow` och `secondFactorCode`."))
            .takes(&[
                Input::Own(p("flow", Text(100), "xT8wQm9aPeG7oKiF4tVbQzMZk3vT1q8yB6nXw0sLr5d", "The handle of the flow.", "Flödets handtag.").always().write_only()),
                Input::Own(p("code", Text(4000), "SplxlOBeZQQYbYS6WxSbIA", "`code` of the provider's answer; with `state`.", "`code` i leverantörens svar; tillsammans med `state`.").write_only()),
                Input::Own(p("state", Text(200), "k2Zk3vT1q8yB6nXw0sLr5dHc2uJm9aPeG7oKiF4tVbQ", "`state` of the provider's answer.", "`state` i leverantörens svar.").write_only()),
                Input::Own(p("iss", Text(500), "https://login.kommun.example", "`iss` of the provider's answer, if there is one (RFC 9207).", "`iss` i leverantörens svar, om det finns (RFC 9207).")),
                Input::Own(p("secondFactorCode", Text(40), "287082", "The code of your second factor here, or a recovery code.", "Koden för din andra faktor här, eller en återställningskod.").write_only()),
            ])
            .answers("Session")
            .errors(&[ErrorCode::FlowNotValid, ErrorCode::SecondFactorRequired, ErrorCode::WrongSecondFactor, ErrorCode::NoAccount, ErrorCode::SingleSignOnOff, ErrorCode::LastOfRole, ErrorCode::TooManyAttempts, ErrorCode::ProviderUnavailable]),
        Described::of(Operation::RefreshSession,
            ("Renew a sign-in", "Exchanges the refresh token for a new access token and a new refresh token, without the password. Any refresh token of the session that has been used before ends it. A session ends by itself when it is not renewed in time, and in any case after the longest time that the operator allows."),
            ("Förnya en inloggning", "Byter förnyelsebeviset mot ett nytt åtkomstbevis och ett nytt förnyelsebevis, utan lösenord. Varje förnyelsebevis i inloggningen som redan har använts avslutar den. En inloggning upphör av sig själv om den inte förnyas i tid, och senast efter den längsta tid som driften tillåter."))
            .takes(&[Input::Own(p("refreshToken", Text(200), "Zk3vT1q8yB6nXw0sLr5dHc2uJm9aPeG7oKiF4tVbQzM", "The latest refresh token.", "Det senaste förnyelsebeviset.").always().write_only())])
            .answers("Session")
            .errors(&[ErrorCode::Unauthenticated]),
        Described::of(Operation::SignOut,
            ("Sign out", "Ends the session in use at once: neither its access token nor its refresh token opens anything afterwards."),
            ("Logga ut", "Avslutar den pågående inloggningen genast: varken åtkomstbeviset eller förnyelsebeviset öppnar något efteråt.")),
        Described::of(Operation::RotateSigningKey,
            ("Rotate the signing key", "Makes a new key the next to sign access tokens, from two minutes on, so that every server has heard of it. Nobody is signed out."),
            ("Byt signeringsnyckel", "Gör en ny nyckel till nästa som signerar åtkomstbevis, om två minuter, så att alla servrar känner till den. Ingen loggas ut."))
            .answers("SigningKey"),
        Described::of(Operation::ListMySessions,
            ("List my sessions", "Your sign-ins that still run, on whatever device."),
            ("Lista mina inloggningar", "Dina inloggningar som fortfarande gäller, på vilken enhet som helst.")),
        Described::of(Operation::EndMySession,
            ("End one of my sessions", "Signs out one of your sessions at once. 404 if it is not yours or runs no more."),
            ("Avsluta en av mina inloggningar", "Loggar genast ut en av dina inloggningar. 404 om den inte är din eller inte längre gäller.")),
        Described::of(Operation::EndMySessions,
            ("Sign out everywhere", "Ends all your sessions at once, the one in use among them."),
            ("Logga ut överallt", "Avslutar genast alla dina inloggningar, även den som du använder.")),
    ],
};
