//! One schema for both databases. The SQL types in which they differ, and that of enciphered texts, are declared here once.
//! `tests/api/database` compares this file with the live tables.

/// SQL types that the databases spell differently.
pub mod sql {
    use diesel::{query_builder::QueryId, sql_types::SqlType};

    /// `uuid` on PostgreSQL, a 16-byte blob on SQLite.
    #[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
    #[diesel(postgres_type(oid = 2950, array_oid = 2951))]
    #[diesel(sqlite_type(name = "Binary"))]
    pub struct Guid;

    /// `timestamptz` on PostgreSQL; RFC 3339 in UTC with microseconds on SQLite, which sorts as text.
    #[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
    #[diesel(postgres_type(oid = 1184, array_oid = 1185))]
    #[diesel(sqlite_type(name = "Text"))]
    pub struct Instant;
    impl diesel::sql_types::SqlOrd for Instant {}

    /// An enciphered text. Nothing but a cipher text compares with it, so that no query asks in vain for what it says.
    #[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
    #[diesel(postgres_type(oid = 25, array_oid = 1009))]
    #[diesel(sqlite_type(name = "Text"))]
    pub struct Cipher;

    /// `jsonb` on PostgreSQL, text on SQLite.
    #[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
    #[diesel(postgres_type(oid = 3802, array_oid = 3807))]
    #[diesel(sqlite_type(name = "Text"))]
    pub struct Document;
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    school_notifications (id) {
        id -> Guid,
        unit_id -> Guid,
        youth_id -> Nullable<Guid>,
        kind -> Text,
        school -> Text,
        school_type -> Text,
        study_path -> Nullable<Text>,
        occurred_on -> Date,
        received_on -> Date,
        identifier_kind -> Nullable<Text>,
        identifier_value -> Nullable<Cipher>,
        given_name -> Nullable<Cipher>,
        family_name -> Nullable<Cipher>,
        status -> Text,
        outcome -> Nullable<Text>,
        reason -> Nullable<Cipher>,
        handled_by -> Nullable<Guid>,
        handled_at -> Nullable<Instant>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    settings (id) {
        id -> Guid,
        document -> Document,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    units (id) {
        id -> Guid,
        name -> Text,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    users (id) {
        id -> Guid,
        unit_id -> Nullable<Guid>,
        username -> Text,
        display_name -> Text,
        role -> Text,
        password_hash -> Text,
        is_active -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    sessions (id) {
        id -> Guid,
        user_id -> Guid,
        refresh_hash -> Text,
        previous_refresh_hash -> Nullable<Text>,
        created_at -> Instant,
        refreshed_at -> Instant,
        expires_at -> Instant,
        ended_at -> Nullable<Instant>,
        has_provider_factor -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    single_sign_on_ties (issuer, subject) {
        issuer -> Text,
        subject -> Text,
        user_id -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    single_sign_on_flows (flow_hash) {
        flow_hash -> Text,
        address_hash -> Nullable<Text>,
        created_at -> Instant,
        expires_at -> Instant,
        claimed_at -> Nullable<Instant>,
        user_id -> Nullable<Guid>,
        subject -> Nullable<Text>,
        role -> Nullable<Text>,
        unit_id -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    sensitive_term_counts (unit_id, week_on, category) {
        unit_id -> Guid,
        week_on -> Date,
        category -> Text,
        confirmed_count -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    spent_refresh_tokens (refresh_hash) {
        refresh_hash -> Text,
        session_id -> Guid,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    password_resets (user_id) {
        user_id -> Guid,
        token_hash -> Text,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    signing_keys (kid) {
        kid -> Text,
        created_at -> Instant,
        signs_from -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    second_factors (user_id) {
        user_id -> Guid,
        sealed_secret -> Text,
        confirmed_at -> Nullable<Instant>,
        last_step -> BigInt,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    recovery_codes (code_hash) {
        code_hash -> Text,
        user_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    sign_in_delays (throttle_key) {
        throttle_key -> Text,
        failures -> Integer,
        blocked_until -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    youths (id) {
        id -> Guid,
        unit_id -> Guid,
        given_name -> Text,
        family_name -> Text,
        birth_date -> Date,
        legal_sex -> Text,
        area -> Nullable<Text>,
        addresses -> Cipher,
        phones -> Cipher,
        email -> Nullable<Cipher>,
        social_media -> Nullable<Cipher>,
        language -> Nullable<Text>,
        needs_interpreter -> Bool,
        guardians -> Cipher,
        school_status -> Nullable<Cipher>,
        protection_level -> Text,
        sort_name -> Text,
        last_reached_on -> Nullable<Date>,
        last_attempt_on -> Nullable<Date>,
        contact_sort_on -> Date,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        compulsory_school_ended_on -> Nullable<Date>,
        compulsory_school_basis -> Nullable<Text>,
        deceased_on -> Nullable<Date>,
        target_facts_changed_at -> Nullable<Instant>,
        is_in_kaa -> Bool,
        is_in_outreach -> Bool,
        is_open -> Bool,
        is_offered -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    youth_identifiers (id) {
        id -> Guid,
        youth_id -> Guid,
        kind -> Text,
        value -> Text,
        is_current -> Bool,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        number -> Cipher,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    youth_names (token, youth_id) {
        token -> Text,
        youth_id -> Guid,
        unit_id -> Nullable<Guid>,
        sort_name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    duplicate_dismissals (id) {
        id -> Guid,
        youth_id -> Guid,
        other_youth_id -> Guid,
        reason -> Cipher,
        withdrawn_at -> Nullable<Instant>,
        withdrawn_by -> Nullable<Guid>,
        withdrawal_reason -> Nullable<Cipher>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    youth_merges (id) {
        id -> Guid,
        youth_id -> Guid,
        merged_youth_id -> Guid,
        reason -> Cipher,
        merged_youth -> Nullable<Cipher>,
        changes -> Nullable<Cipher>,
        merged_by -> Nullable<Guid>,
        undone_at -> Nullable<Instant>,
        undone_by -> Nullable<Guid>,
        undo_reason -> Nullable<Cipher>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_youth_merges (merge_id) {
        merge_id -> Guid,
        changes -> Cipher,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    set_aside_records (merge_id, record_id) {
        merge_id -> Guid,
        record_id -> Guid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    record_versions (resource, record_id, version) {
        resource -> Text,
        record_id -> Guid,
        version -> BigInt,
        operation -> Text,
        changed_by -> Nullable<Guid>,
        changed_at -> Instant,
        document -> Cipher,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    enrolments (id) {
        id -> Guid,
        youth_id -> Guid,
        school_type -> Text,
        programme_kind -> Text,
        study_path_code -> Nullable<Text>,
        school -> Nullable<Text>,
        municipality_code -> Nullable<Text>,
        admitted_on -> Nullable<Date>,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        is_cancelled -> Bool,
        source -> Text,
        void_reason -> Nullable<Cipher>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    exam_documents (id) {
        id -> Guid,
        youth_id -> Guid,
        kind -> Text,
        issued_on -> Date,
        source -> Text,
        void_reason -> Nullable<Cipher>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    episodes (id) {
        id -> Guid,
        youth_id -> Guid,
        unit_id -> Guid,
        track -> Text,
        reason -> Text,
        entered_on -> Date,
        exited_on -> Nullable<Date>,
        deregistration_reason -> Nullable<Text>,
        destination -> Nullable<Text>,
        destination_elsewhere -> Nullable<Bool>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        basis -> Nullable<Text>,
        basis_text -> Nullable<Cipher>,
        previous_episode_id -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    outcome_checks (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Guid,
        months -> Integer,
        due_on -> Date,
        result -> Nullable<Text>,
        source -> Nullable<Text>,
        checked_on -> Nullable<Date>,
        checked_by -> Nullable<Guid>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    assignments (id) {
        id -> Guid,
        youth_id -> Guid,
        user_id -> Guid,
        kind -> Text,
        starts_at -> Instant,
        ends_at -> Nullable<Instant>,
        assigned_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    carried_notes (episode_id) {
        episode_id -> Guid,
        basis -> Text,
        consent_id -> Nullable<Guid>,
        form -> Nullable<Text>,
        given_on -> Date,
        recorded_by -> Nullable<Guid>,
        recorded_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    consents (id) {
        id -> Guid,
        youth_id -> Guid,
        referral_id -> Nullable<Guid>,
        recipient_kind -> Text,
        recipient_name -> Nullable<Cipher>,
        purpose -> Cipher,
        categories -> Cipher,
        given_by -> Text,
        form -> Text,
        valid_from_on -> Date,
        valid_to_on -> Date,
        document_reference -> Nullable<Cipher>,
        withdrawn_on -> Nullable<Date>,
        withdrawal_form -> Nullable<Text>,
        recipient_informed_on -> Nullable<Date>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    contacts (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Guid,
        author_id -> Guid,
        occurred_at -> Instant,
        channel -> Text,
        direction -> Text,
        met_who -> Text,
        place -> Nullable<Cipher>,
        area -> Nullable<Text>,
        result -> Text,
        minutes -> Nullable<Integer>,
        occupation -> Nullable<Text>,
        note -> Nullable<Cipher>,
        next_contact_on -> Nullable<Date>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        proposed_on -> Nullable<Date>,
        proposed_channel -> Nullable<Text>,
        proposed_staff -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    contact_addenda (id) {
        id -> Guid,
        contact_id -> Guid,
        author_id -> Guid,
        text -> Cipher,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    outreach_sessions (id) {
        id -> Guid,
        unit_id -> Guid,
        kind -> Text,
        area -> Nullable<Text>,
        place -> Nullable<Cipher>,
        starts_at -> Instant,
        ends_at -> Instant,
        met -> Document,
        outcomes -> Document,
        note -> Nullable<Cipher>,
        created_by -> Guid,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    outreach_participants (session_id, user_id) {
        session_id -> Guid,
        user_id -> Guid,
        minutes -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    outreach_contacts (id) {
        id -> Guid,
        session_id -> Guid,
        met_by -> Guid,
        age_group -> Text,
        legal_sex -> Text,
        outcome -> Text,
        wants_contact -> Bool,
        note -> Nullable<Cipher>,
        youth_id -> Nullable<Guid>,
        contact_id -> Nullable<Guid>,
        tied_by -> Nullable<Guid>,
        tied_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    work_hours (id) {
        id -> Guid,
        unit_id -> Guid,
        user_id -> Guid,
        worked_on -> Date,
        minutes -> Integer,
        kind -> Text,
        note -> Nullable<Cipher>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    week_approvals (id) {
        id -> Guid,
        unit_id -> Guid,
        user_id -> Guid,
        week_on -> Date,
        counted_minutes -> Integer,
        approved_minutes -> Integer,
        reason -> Nullable<Cipher>,
        approved_by -> Guid,
        approved_at -> Instant,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    calendar_feeds (user_id) {
        user_id -> Guid,
        token_hash -> Text,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    correction_notes (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Nullable<Guid>,
        resource -> Text,
        record_id -> Guid,
        field -> Nullable<Cipher>,
        text -> Cipher,
        raised_by -> Text,
        raised_on -> Date,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    disclosures (id) {
        id -> Guid,
        youth_id -> Guid,
        referral_id -> Nullable<Guid>,
        recipient_kind -> Text,
        recipient_name -> Nullable<Cipher>,
        categories -> Cipher,
        means -> Text,
        disclosed_on -> Date,
        basis -> Text,
        consent_id -> Nullable<Guid>,
        basis_reason -> Nullable<Cipher>,
        disclosed_by -> Nullable<Guid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    current_occupations (youth_id) {
        youth_id -> Guid,
        kind -> Text,
        since_on -> Date,
        as_of_on -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        last_known -> Nullable<Text>,
        observation_id -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    occupations (id) {
        id -> Guid,
        youth_id -> Guid,
        contact_id -> Nullable<Guid>,
        kind -> Text,
        starts_on -> Nullable<Date>,
        as_of_on -> Date,
        source -> Text,
        expected_end_on -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        place -> Nullable<Cipher>,
        is_void -> Bool,
        void_reason -> Nullable<Cipher>,
        recorded_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    interventions (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Guid,
        kind -> Text,
        answer -> Text,
        offered_on -> Date,
        answered_on -> Nullable<Date>,
        started_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        provider -> Nullable<Text>,
        responsible_party -> Text,
        goal -> Nullable<Cipher>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    intervention_follow_ups (id) {
        id -> Guid,
        intervention_id -> Guid,
        due_on -> Date,
        done_on -> Nullable<Date>,
        is_at_host -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    placement_offers (id) {
        id -> Guid,
        unit_id -> Guid,
        organisation_id -> Guid,
        title -> Text,
        field -> Text,
        kind -> Text,
        places -> BigInt,
        starts_on -> Date,
        ends_on -> Date,
        supervisor_id -> Nullable<Guid>,
        requirements -> Nullable<Cipher>,
        least_age -> Nullable<BigInt>,
        needs_driving_licence -> Bool,
        status -> Text,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    placement_wishes (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Guid,
        from_on -> Date,
        to_on -> Nullable<Date>,
        hours_per_week -> Nullable<BigInt>,
        has_driving_licence -> Bool,
        note -> Nullable<Cipher>,
        is_active -> Bool,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    placement_wish_fields (wish_id, field) {
        wish_id -> Guid,
        field -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    placements (id) {
        id -> Guid,
        offer_id -> Guid,
        youth_id -> Guid,
        intervention_id -> Guid,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    organisations (id) {
        id -> Guid,
        unit_id -> Guid,
        name -> Text,
        kind -> Text,
        address -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        website -> Nullable<Text>,
        note -> Nullable<Cipher>,
        is_active -> Bool,
        sort_name -> Text,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    contact_persons (id) {
        id -> Guid,
        organisation_id -> Guid,
        name -> Text,
        title -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        is_active -> Bool,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    goals (id) {
        id -> Guid,
        title -> Text,
        plan -> Nullable<Text>,
        indicator -> Text,
        source -> Text,
        measure_code -> Nullable<Text>,
        measured_as -> Nullable<Text>,
        measure_division -> Nullable<Text>,
        measure_category -> Nullable<Text>,
        kolada_kpi -> Nullable<Text>,
        kolada_municipality -> Nullable<Text>,
        compares_with -> Text,
        unit -> Text,
        decimals -> Integer,
        baseline_year -> Nullable<Integer>,
        baseline_value -> Nullable<BigInt>,
        target_year -> Integer,
        target_value -> BigInt,
        direction -> Text,
        tolerance -> BigInt,
        stale_after_years -> Integer,
        owner -> Nullable<Text>,
        age_bounds -> Nullable<Text>,
        ended_on -> Nullable<Date>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    goal_values (id) {
        id -> Guid,
        goal_id -> Guid,
        year -> Integer,
        period -> Text,
        value -> BigInt,
        origin -> Text,
        source -> Nullable<Text>,
        note -> Nullable<Cipher>,
        void_reason -> Nullable<Cipher>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    goal_activities (id) {
        id -> Guid,
        goal_id -> Guid,
        title -> Text,
        responsible_unit -> Text,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        is_active -> Bool,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    goal_follow_ups (id) {
        id -> Guid,
        activity_id -> Guid,
        year -> Integer,
        period -> Text,
        revision -> Integer,
        status -> Text,
        forecast -> Nullable<Cipher>,
        remedy -> Nullable<Cipher>,
        followed_up_on -> Date,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    mappings (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Guid,
        goals -> Cipher,
        needs -> Cipher,
        expectations -> Cipher,
        interests -> Nullable<Cipher>,
        strengths -> Nullable<Cipher>,
        made_on -> Date,
        made_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    plan_revisions (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Guid,
        number -> BigInt,
        based_on -> Nullable<BigInt>,
        planning_text -> Cipher,
        goal_type -> Text,
        goal_text -> Cipher,
        items -> Cipher,
        agreed_on -> Nullable<Date>,
        agreement_form -> Nullable<Text>,
        agreed_to -> Nullable<Cipher>,
        not_agreed_to -> Nullable<Cipher>,
        made_by -> Nullable<Guid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    plan_follow_ups (id) {
        id -> Guid,
        revision_id -> Guid,
        due_on -> Date,
        kind -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    plan_follow_ups_done (follow_up_id) {
        follow_up_id -> Guid,
        done_on -> Date,
        done_by -> Nullable<Guid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    education_contracts (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Guid,
        parties -> Cipher,
        courses -> Cipher,
        starts_on -> Date,
        ends_on -> Date,
        signed_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    education_contract_follow_ups (id) {
        id -> Guid,
        contract_id -> Guid,
        due_on -> Date,
        done_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    referrals (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Guid,
        target -> Text,
        status -> Text,
        recipient -> Nullable<Cipher>,
        note -> Nullable<Cipher>,
        offered_on -> Date,
        declined_on -> Nullable<Date>,
        consented_on -> Nullable<Date>,
        consent_form -> Nullable<Text>,
        sent_on -> Nullable<Date>,
        received_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
        answer_due_on -> Nullable<Date>,
        basis -> Nullable<Text>,
        consent_id -> Nullable<Guid>,
        basis_reason -> Nullable<Cipher>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    tasks (id) {
        id -> Guid,
        kind -> Text,
        youth_id -> Nullable<Guid>,
        unit_id -> Guid,
        episode_id -> Nullable<Guid>,
        cause_id -> Guid,
        record_id -> Guid,
        due_on -> Date,
        opens_on -> Date,
        ends_on -> Nullable<Date>,
        responsible_id -> Nullable<Guid>,
        reassigned_to -> Nullable<Guid>,
        deferred_until -> Nullable<Date>,
        deferral_reason -> Nullable<Cipher>,
        answered_on -> Nullable<Date>,
        answer_reference -> Nullable<Cipher>,
        closed_at -> Nullable<Instant>,
        closed_because -> Nullable<Text>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    residences (id) {
        id -> Guid,
        youth_id -> Guid,
        kind -> Text,
        municipality_code -> Nullable<Text>,
        from_on -> Date,
        to_on -> Nullable<Date>,
        source -> Text,
        void_reason -> Nullable<Cipher>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    measure_gates (youth_id) {
        youth_id -> Guid,
        may_start -> Bool,
        since_on -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_consents (id) {
        id -> Guid,
        youth_id -> Guid,
        referral_id -> Nullable<Guid>,
        recipient_kind -> Cipher,
        recipient_name -> Nullable<Cipher>,
        purpose -> Cipher,
        categories -> Cipher,
        given_by -> Cipher,
        form -> Cipher,
        valid_from_on -> Date,
        valid_to_on -> Date,
        document_reference -> Nullable<Cipher>,
        withdrawn_on -> Nullable<Date>,
        withdrawal_form -> Nullable<Cipher>,
        recipient_informed_on -> Nullable<Date>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_correction_notes (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Nullable<Guid>,
        resource -> Cipher,
        record_id -> Guid,
        field -> Nullable<Cipher>,
        text -> Cipher,
        raised_by -> Cipher,
        raised_on -> Date,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_disclosures (id) {
        id -> Guid,
        youth_id -> Guid,
        referral_id -> Nullable<Guid>,
        recipient_kind -> Cipher,
        recipient_name -> Nullable<Cipher>,
        categories -> Cipher,
        means -> Cipher,
        disclosed_on -> Date,
        basis -> Cipher,
        consent_id -> Nullable<Guid>,
        basis_reason -> Nullable<Cipher>,
        disclosed_by -> Nullable<Guid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_referrals (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Guid,
        target -> Cipher,
        status -> Cipher,
        recipient -> Nullable<Cipher>,
        note -> Nullable<Cipher>,
        offered_on -> Date,
        declined_on -> Nullable<Date>,
        consented_on -> Nullable<Date>,
        consent_form -> Nullable<Cipher>,
        sent_on -> Nullable<Date>,
        received_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
        answer_due_on -> Nullable<Date>,
        basis -> Nullable<Cipher>,
        consent_id -> Nullable<Guid>,
        basis_reason -> Nullable<Cipher>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_statuses (youth_id) {
        youth_id -> Guid,
        basis -> Cipher,
        substance_status -> Nullable<Cipher>,
        may_start -> Bool,
        note -> Nullable<Cipher>,
        set_by -> Nullable<Guid>,
        paused_until -> Nullable<Date>,
        active_use_id -> Nullable<Guid>,
        active_use_since -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_tasks (id) {
        id -> Guid,
        kind -> Cipher,
        youth_id -> Nullable<Guid>,
        unit_id -> Guid,
        episode_id -> Nullable<Guid>,
        cause_id -> Guid,
        record_id -> Guid,
        due_on -> Date,
        opens_on -> Date,
        ends_on -> Nullable<Date>,
        responsible_id -> Nullable<Guid>,
        reassigned_to -> Nullable<Guid>,
        deferred_until -> Nullable<Date>,
        deferral_reason -> Nullable<Cipher>,
        answered_on -> Nullable<Date>,
        answer_reference -> Nullable<Cipher>,
        closed_at -> Nullable<Instant>,
        closed_because -> Nullable<Cipher>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_versions (resource, record_id, version) {
        resource -> Text,
        record_id -> Guid,
        version -> BigInt,
        operation -> Text,
        changed_by -> Nullable<Guid>,
        changed_at -> Instant,
        document -> Cipher,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_answers (user_id, idempotency_key) {
        user_id -> Guid,
        idempotency_key -> Text,
        body -> Cipher,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    key_checks (key_set, version) {
        key_set -> Text,
        version -> BigInt,
        fingerprint -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    backfills (name) {
        name -> Text,
        done_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    target_group_candidates (id) {
        id -> Guid,
        youth_id -> Guid,
        unit_id -> Guid,
        run_id -> Guid,
        kind -> Text,
        found_on -> Date,
        rule_version -> Text,
        reason -> Nullable<Text>,
        deregistration_reason -> Nullable<Text>,
        since_on -> Nullable<Date>,
        failed_points -> Document,
        causes -> Document,
        facts -> Document,
        fingerprint -> Text,
        status -> Text,
        decision_reason -> Nullable<Cipher>,
        episode_id -> Nullable<Guid>,
        decided_by -> Nullable<Guid>,
        decided_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    target_group_runs (id) {
        id -> Guid,
        unit_id -> Guid,
        for_on -> Date,
        started_by -> Nullable<Guid>,
        started_at -> Instant,
        finished_at -> Nullable<Instant>,
        cursor_id -> Nullable<Guid>,
        counts -> Document,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    statistics_releases (id) {
        id -> Guid,
        number -> BigInt,
        year -> BigInt,
        period -> Text,
        threshold -> BigInt,
        hidden_cells -> BigInt,
        cells -> BigInt,
        job_id -> Guid,
        made_by -> Guid,
        made_at -> Instant,
        content_sha256 -> Text,
        document -> Text,
        behind -> Cipher,
        withdrawn_at -> Nullable<Instant>,
        withdrawn_by -> Nullable<Guid>,
        withdrawal_reason -> Nullable<Cipher>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    statistics_release_figures (release_id) {
        release_id -> Guid,
        figures -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    jobs (id) {
        id -> Guid,
        kind -> Text,
        status -> Text,
        unit_id -> Nullable<Guid>,
        requested_by -> Guid,
        subject -> Text,
        parameters -> Document,
        done_count -> BigInt,
        total_count -> Nullable<BigInt>,
        checkpoint -> Nullable<Cipher>,
        result_id -> Nullable<Guid>,
        error_code -> Nullable<Text>,
        leased_by -> Nullable<Guid>,
        leased_until -> Nullable<Instant>,
        fruitless_claims -> BigInt,
        cancelled_by -> Nullable<Guid>,
        created_at -> Instant,
        started_at -> Nullable<Instant>,
        finished_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    access_grants (id) {
        id -> Guid,
        user_id -> Guid,
        youth_id -> Guid,
        unit_id -> Guid,
        purpose -> Text,
        reason -> Cipher,
        granted_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    idempotency_keys (user_id, idempotency_key) {
        user_id -> Guid,
        idempotency_key -> Text,
        operation -> Text,
        fingerprint -> Text,
        youth_id -> Nullable<Guid>,
        status -> Integer,
        body -> Nullable<Cipher>,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    imports (id) {
        id -> Guid,
        unit_id -> Guid,
        file_name -> Nullable<Text>,
        file_sha256 -> Text,
        as_of -> Date,
        is_applied -> Bool,
        counts -> Document,
        warnings -> Document,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    import_rows (import_id, line) {
        import_id -> Guid,
        line -> BigInt,
        outcome -> Text,
        outward_outcome -> Text,
        problems -> Document,
        youth_id -> Nullable<Guid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    import_refusals (import_id) {
        import_id -> Guid,
        content -> Cipher,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    import_decisions (id) {
        id -> Guid,
        import_id -> Guid,
        unit_id -> Guid,
        identifier_kind -> Text,
        identifier_value -> Text,
        document -> Cipher,
        protection_level -> Text,
        cause -> Text,
        status -> Text,
        reason -> Nullable<Cipher>,
        episode_reason -> Nullable<Text>,
        youth_id -> Nullable<Guid>,
        decided_by -> Nullable<Guid>,
        decided_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        number -> Cipher,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    transfers (id) {
        id -> Guid,
        youth_id -> Guid,
        from_unit_id -> Guid,
        to_unit_id -> Nullable<Guid>,
        to_municipality_code -> Nullable<Text>,
        to_municipality_name -> Nullable<Text>,
        reason -> Cipher,
        status -> Text,
        basis -> Nullable<Text>,
        consent_id -> Nullable<Guid>,
        basis_reason -> Nullable<Cipher>,
        decided_on -> Nullable<Date>,
        decided_by -> Nullable<Guid>,
        decision_reason -> Nullable<Cipher>,
        reference -> Nullable<Cipher>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    audit_events (lane, position) {
        lane -> Integer,
        position -> BigInt,
        id -> Guid,
        at -> Instant,
        actor_id -> Nullable<Guid>,
        actor_kind -> Text,
        role -> Nullable<Text>,
        unit_id -> Nullable<Guid>,
        session_id -> Nullable<Guid>,
        operation -> Text,
        outcome -> Text,
        error_code -> Nullable<Text>,
        request_id -> Text,
        is_break_glass -> Bool,
        reason -> Nullable<Cipher>,
        previous_hash -> Binary,
        hash -> Binary,
        reason_digest -> Nullable<Binary>,
        reason_salt -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    audit_anchors (id) {
        id -> Guid,
        made_at -> Instant,
        document -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    audit_cuts (id) {
        id -> Guid,
        lane -> Integer,
        position -> BigInt,
        event_count -> BigInt,
        hash -> Binary,
        older_than -> Instant,
        cut_at -> Instant,
        anchor_id -> Guid,
        previous_digest -> Binary,
        digest -> Binary,
        signature -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    audit_field_sets (digest) {
        digest -> Text,
        fields -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    audit_subjects (event_id, ordinal) {
        event_id -> Guid,
        ordinal -> Integer,
        youth_id -> Nullable<Guid>,
        resource -> Text,
        record_id -> Nullable<Guid>,
        fields -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    log_reviews (id) {
        id -> Guid,
        unit_id -> Nullable<Guid>,
        kind -> Text,
        from_on -> Date,
        to_on -> Date,
        reviewer_id -> Guid,
        seed -> Text,
        rules -> Document,
        event_count -> BigInt,
        row_count -> BigInt,
        conclusion -> Nullable<Cipher>,
        signed_off_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    log_review_rows (id) {
        id -> Guid,
        review_id -> Guid,
        ordinal -> Integer,
        event_id -> Guid,
        actor_id -> Nullable<Guid>,
        reasons -> Document,
        finding -> Nullable<Text>,
        note -> Nullable<Cipher>,
        follow_up_on -> Nullable<Date>,
        follow_up_outcome -> Nullable<Text>,
        follow_up_result -> Nullable<Cipher>,
        followed_up_by -> Nullable<Guid>,
        followed_up_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    register_extracts (id) {
        id -> Guid,
        youth_id -> Guid,
        requested_on -> Date,
        request_reference -> Nullable<Cipher>,
        identity_proof -> Text,
        reason -> Cipher,
        includes_readers -> Bool,
        is_whole -> Bool,
        categories -> Document,
        omissions -> Cipher,
        content_sha256 -> Text,
        made_by -> Guid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_register_extracts (extract_id) {
        extract_id -> Guid,
        omissions -> Cipher,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    processing_restrictions (id) {
        id -> Guid,
        youth_id -> Guid,
        ground -> Text,
        reason -> Cipher,
        from_on -> Date,
        until_on -> Nullable<Date>,
        opened_until -> Nullable<Date>,
        opening_ground -> Nullable<Text>,
        opening_reason -> Nullable<Cipher>,
        informed_on -> Nullable<Date>,
        lifted_on -> Nullable<Date>,
        lift_reason -> Nullable<Cipher>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    disposal_holds (id) {
        id -> Guid,
        youth_id -> Guid,
        ground -> Text,
        reason -> Cipher,
        review_on -> Nullable<Date>,
        lifted_on -> Nullable<Date>,
        lift_reason -> Nullable<Cipher>,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    disposal_runs (id) {
        id -> Guid,
        unit_id -> Guid,
        is_of_protected -> Bool,
        status -> Text,
        policies -> Document,
        counts -> Document,
        proposed_by -> Guid,
        approved_by -> Nullable<Guid>,
        approved_at -> Nullable<Instant>,
        archived_at -> Nullable<Instant>,
        archive_sha256 -> Nullable<Text>,
        executed_by -> Nullable<Guid>,
        executed_at -> Nullable<Instant>,
        receipt -> Nullable<Document>,
        receipt_sha256 -> Nullable<Text>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    disposal_items (id) {
        id -> Guid,
        run_id -> Guid,
        class -> Text,
        subject_id -> Guid,
        youth_id -> Nullable<Guid>,
        anchor_on -> Date,
        due_on -> Date,
        archive_digest -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    period_costs (id) {
        id -> Guid,
        year -> BigInt,
        period -> Text,
        amount -> BigInt,
        covers -> Text,
        created_by -> Nullable<Guid>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    national_files (id) {
        id -> Guid,
        year -> Integer,
        half_year -> Integer,
        status -> Text,
        profile_name -> Text,
        profile_version -> Text,
        profile_sha256 -> Text,
        is_draft -> Bool,
        file_name -> Text,
        media_type -> Text,
        sha256 -> Nullable<Text>,
        byte_count -> BigInt,
        row_count -> BigInt,
        person_count -> BigInt,
        protected_count -> BigInt,
        outside_count -> BigInt,
        restricted_count -> BigInt,
        error_count -> BigInt,
        warning_count -> BigInt,
        chunk_count -> Integer,
        job_id -> Guid,
        made_by -> Guid,
        created_at -> Instant,
        finished_at -> Nullable<Instant>,
        replaced_by -> Nullable<Guid>,
        replaced_at -> Nullable<Instant>,
        expires_on -> Nullable<Date>,
        content_erased_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    national_file_chunks (id) {
        id -> Guid,
        file_id -> Guid,
        ordinal -> Integer,
        content -> Cipher,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    national_file_problems (id) {
        id -> Guid,
        file_id -> Guid,
        line -> BigInt,
        youth_id -> Guid,
        block -> Text,
        field -> Text,
        code -> Text,
        weight -> Text,
        word -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    period_costs,
    disposal_holds,
    disposal_runs,
    disposal_items,
    processing_restrictions,
    register_extracts,
    protected_register_extracts,
    log_reviews,
    log_review_rows,
    units,
    users,
    sessions,
    school_notifications,
    settings,
    sign_in_delays,
    spent_refresh_tokens,
    second_factors,
    recovery_codes,
    signing_keys,
    password_resets,
    single_sign_on_ties,
    single_sign_on_flows,
    youths,
    youth_identifiers,
    youth_names,
    duplicate_dismissals,
    youth_merges,
    protected_youth_merges,
    set_aside_records,
    record_versions,
    episodes,
    outcome_checks,
    assignments,
    contacts,
    contact_addenda,
    outreach_sessions,
    outreach_participants,
    outreach_contacts,
    work_hours,
    week_approvals,
    calendar_feeds,
    interventions,
    intervention_follow_ups,
    referrals,
    tasks,
    measure_gates,
    protected_referrals,
    protected_statuses,
    protected_tasks,
    protected_versions,
    protected_answers,
    backfills,
    key_checks,
    access_grants,
    idempotency_keys,
    imports,
    import_rows,
    import_refusals,
    import_decisions,
    audit_anchors,
    audit_cuts,
    audit_events,
    audit_subjects,
    enrolments,
    exam_documents,
    residences,
    target_group_candidates,
    target_group_runs,
    statistics_releases,
    statistics_release_figures,
    jobs,
    sensitive_term_counts,
    placement_offers,
    placement_wishes,
    placement_wish_fields,
    placements,
    organisations,
    contact_persons,
    goals,
    goal_values,
    goal_activities,
    goal_follow_ups,
    carried_notes,
    consents,
    correction_notes,
    disclosures,
    protected_consents,
    protected_correction_notes,
    protected_disclosures,
    transfers,
    current_occupations,
    occupations,
    mappings,
    plan_revisions,
    plan_follow_ups,
    plan_follow_ups_done,
    education_contracts,
    education_contract_follow_ups,
    national_files,
    national_file_chunks,
    national_file_problems,
);

diesel::joinable!(password_resets -> users (user_id));
diesel::joinable!(outreach_participants -> outreach_sessions (session_id));
diesel::joinable!(outreach_contacts -> outreach_sessions (session_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(users -> units (unit_id));
diesel::joinable!(log_review_rows -> log_reviews (review_id));
diesel::joinable!(disposal_items -> disposal_runs (run_id));
diesel::joinable!(statistics_release_figures -> statistics_releases (release_id));
