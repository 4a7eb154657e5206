//! One schema for both databases. The three SQL types in which they differ are declared here once.
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

    /// `jsonb` on PostgreSQL, text on SQLite.
    #[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
    #[diesel(postgres_type(oid = 3802, array_oid = 3807))]
    #[diesel(sqlite_type(name = "Text"))]
    pub struct Document;
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
        addresses -> Document,
        phones -> Document,
        email -> Nullable<Text>,
        social_media -> Nullable<Text>,
        language -> Nullable<Text>,
        needs_interpreter -> Bool,
        guardians -> Document,
        school_status -> Nullable<Text>,
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
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    youth_names (token, youth_id) {
        token -> Text,
        youth_id -> Guid,
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
        document -> Document,
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
        void_reason -> Nullable<Text>,
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
        void_reason -> Nullable<Text>,
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
        basis_text -> Nullable<Text>,
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

    contacts (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Guid,
        author_id -> Guid,
        occurred_at -> Instant,
        channel -> Text,
        direction -> Text,
        met_who -> Text,
        place -> Nullable<Text>,
        area -> Nullable<Text>,
        result -> Text,
        minutes -> Nullable<Integer>,
        occupation -> Nullable<Text>,
        note -> Nullable<Text>,
        next_contact_on -> Nullable<Date>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    contact_addenda (id) {
        id -> Guid,
        contact_id -> Guid,
        author_id -> Guid,
        text -> Text,
        created_at -> Instant,
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
        goal -> Nullable<Text>,
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
        recipient -> Nullable<Text>,
        note -> Nullable<Text>,
        offered_on -> Date,
        declined_on -> Nullable<Date>,
        consented_on -> Nullable<Date>,
        consent_form -> Nullable<Text>,
        sent_on -> Nullable<Date>,
        received_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
        answer_due_on -> Nullable<Date>,
        created_by -> Nullable<Guid>,
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
        void_reason -> Nullable<Text>,
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
        deferral_reason -> Nullable<Text>,
        answered_on -> Nullable<Date>,
        answer_reference -> Nullable<Text>,
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

    measure_gates (youth_id) {
        youth_id -> Guid,
        may_start -> Bool,
        since_on -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_referrals (id) {
        id -> Guid,
        youth_id -> Guid,
        episode_id -> Guid,
        target -> Text,
        status -> Text,
        recipient -> Nullable<Text>,
        note -> Nullable<Text>,
        offered_on -> Date,
        declined_on -> Nullable<Date>,
        consented_on -> Nullable<Date>,
        consent_form -> Nullable<Text>,
        sent_on -> Nullable<Date>,
        received_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
        answer_due_on -> Nullable<Date>,
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
        basis -> Text,
        substance_status -> Nullable<Text>,
        may_start -> Bool,
        note -> Nullable<Text>,
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
        deferral_reason -> Nullable<Text>,
        answered_on -> Nullable<Date>,
        answer_reference -> Nullable<Text>,
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

    protected_versions (resource, record_id, version) {
        resource -> Text,
        record_id -> Guid,
        version -> BigInt,
        operation -> Text,
        changed_by -> Nullable<Guid>,
        changed_at -> Instant,
        document -> Document,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql::*;

    protected_answers (user_id, idempotency_key) {
        user_id -> Guid,
        idempotency_key -> Text,
        body -> Document,
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
        decision_reason -> Nullable<Text>,
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

    backfills (name) {
        name -> Text,
        done_at -> Instant,
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
        reason -> Text,
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
        body -> Nullable<Document>,
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
        content -> Text,
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
        document -> Document,
        protection_level -> Text,
        cause -> Text,
        status -> Text,
        reason -> Nullable<Text>,
        episode_reason -> Nullable<Text>,
        youth_id -> Nullable<Guid>,
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
        reason -> Nullable<Text>,
        previous_hash -> Binary,
        hash -> Binary,
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

diesel::allow_tables_to_appear_in_same_query!(
    units,
    users,
    sessions,
    sign_in_delays,
    youths,
    youth_identifiers,
    youth_names,
    record_versions,
    enrolments,
    exam_documents,
    episodes,
    assignments,
    contacts,
    contact_addenda,
    interventions,
    intervention_follow_ups,
    referrals,
    residences,
    tasks,
    measure_gates,
    protected_referrals,
    protected_statuses,
    protected_tasks,
    protected_versions,
    protected_answers,
    target_group_candidates,
    target_group_runs,
    backfills,
    access_grants,
    idempotency_keys,
    imports,
    import_rows,
    import_refusals,
    import_decisions,
    audit_events,
    audit_subjects,
);

diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(users -> units (unit_id));
