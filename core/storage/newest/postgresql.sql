CREATE TABLE access_request (
    id bigserial NOT NULL,
    link_id bigint NOT NULL,
    profile_id bigint NOT NULL,
    first_name character varying(100) NOT NULL,
    last_name character varying(100) NOT NULL,
    email character varying(254) NOT NULL,
    message character varying(200) NOT NULL,
    state character varying(9) NOT NULL,
    announced boolean NOT NULL,
    mail_in character varying(16),
    asked_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    answered_by bigint
)

CREATE TABLE account (
    id serial NOT NULL,
    name character varying(200),
    zone character varying(64) NOT NULL,
    sign_up_enabled boolean NOT NULL,
    secret_key character varying(64),
    owner_nonce character varying(64),
    seats integer,
    strong_passwords boolean DEFAULT false NOT NULL,
    email_confirmation boolean DEFAULT false NOT NULL,
    approval boolean DEFAULT false NOT NULL,
    email_domains json DEFAULT '[]'::json NOT NULL,
    privacy_version integer DEFAULT 0 NOT NULL,
    last_name_required boolean DEFAULT true NOT NULL,
    consent_asked boolean DEFAULT false NOT NULL,
    belongs_to character varying(32),
    owner_code_expires_at timestamp with time zone,
    owner_code_replaces bigint,
    language character varying(2),
    contact character varying(200),
    accent character varying(7),
    welcome character varying(300),
    login_field character varying(8) DEFAULT 'off'::character varying NOT NULL,
    phone_field character varying(8) DEFAULT 'optional'::character varying NOT NULL,
    job_title_field character varying(8) DEFAULT 'optional'::character varying NOT NULL,
    lists_kept_days integer DEFAULT 90 NOT NULL,
    names_kept_days integer,
    seats_taken integer,
    bot_name character varying(32),
    joining boolean DEFAULT false NOT NULL,
    challenge character varying(8) DEFAULT 'auto'::character varying NOT NULL,
    logo character varying(24)
)

CREATE TABLE activation (
    id bigserial NOT NULL,
    profile_id bigint NOT NULL,
    user_id bigint NOT NULL,
    department_id bigint NOT NULL,
    form_key character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    link_id bigint NOT NULL,
    learner_department_id bigint NOT NULL,
    returned_at timestamp with time zone
)

CREATE TABLE alembic_version (
    version_num character varying(32) NOT NULL
)

CREATE TABLE course (
    id bigserial NOT NULL,
    title character varying(200) NOT NULL,
    title_key character varying(600) NOT NULL,
    link character varying(2000) NOT NULL,
    days integer,
    description character varying(1000) DEFAULT ''::character varying NOT NULL,
    archived_at timestamp with time zone
)

CREATE TABLE custom_field (
    id bigserial NOT NULL,
    label character varying(200) NOT NULL,
    label_key character varying(600) NOT NULL,
    kind character varying(16) NOT NULL,
    choices json NOT NULL,
    required boolean NOT NULL,
    at_sign_up boolean NOT NULL,
    "position" integer NOT NULL,
    removed_at timestamp with time zone,
    hint character varying(300) DEFAULT ''::character varying NOT NULL,
    translations json DEFAULT '{}'::json NOT NULL
)

CREATE TABLE custom_role (
    id bigserial NOT NULL,
    name character varying(200) NOT NULL,
    name_key character varying(600) NOT NULL,
    permissions json NOT NULL
)

CREATE TABLE delivery_pause (
    id integer NOT NULL,
    since timestamp with time zone NOT NULL,
    next_probe timestamp with time zone NOT NULL
)

CREATE TABLE department (
    id bigserial NOT NULL,
    parent_id bigint,
    name character varying(200) NOT NULL,
    name_key character varying(600) NOT NULL,
    removed_at timestamp with time zone,
    only_expected boolean DEFAULT false NOT NULL
)

CREATE TABLE department_tree (
    ancestor_id bigint NOT NULL,
    descendant_id bigint NOT NULL,
    depth integer NOT NULL
)

CREATE TABLE dialogue (
    user_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    kind character varying(24) NOT NULL,
    draft_id character varying(24) NOT NULL,
    turn integer NOT NULL,
    message_id bigint,
    asked json NOT NULL,
    answers json NOT NULL,
    active boolean NOT NULL,
    made bigint,
    updated_at timestamp with time zone NOT NULL
)

CREATE TABLE digest (
    id bigserial NOT NULL,
    user_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    frequency character varying(8),
    at character varying(5),
    day integer,
    next_due timestamp with time zone,
    reported_through bigint NOT NULL,
    reported_at timestamp with time zone,
    thread_id bigint,
    connected_at timestamp with time zone,
    group_title character varying(255),
    main boolean DEFAULT true NOT NULL,
    department_id bigint,
    quiet boolean DEFAULT false NOT NULL,
    removed_at timestamp with time zone,
    picture boolean DEFAULT false NOT NULL,
    spreadsheet boolean DEFAULT false NOT NULL,
    focus integer DEFAULT 0 NOT NULL,
    stopped_at timestamp with time zone,
    lost_chat_id bigint,
    lost_thread_id bigint,
    lost_title character varying(255)
)

CREATE TABLE digest_profile (
    digest_id bigint NOT NULL,
    profile_id bigint NOT NULL
)

CREATE TABLE digest_run (
    id bigserial NOT NULL,
    digest_id bigint NOT NULL,
    due_at timestamp with time zone,
    covers_after bigint NOT NULL,
    covers_through bigint NOT NULL,
    covers_since timestamp with time zone,
    covers_until timestamp with time zone NOT NULL,
    focus integer DEFAULT 0 NOT NULL
)

CREATE TABLE email_change (
    user_id bigint NOT NULL,
    email character varying(254) NOT NULL,
    code_hash character varying(64) NOT NULL,
    expires_at timestamp with time zone NOT NULL
)

CREATE TABLE enrolment (
    user_id bigint NOT NULL,
    course_id bigint NOT NULL,
    progress character varying(16) NOT NULL,
    enrolled_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    completed_at timestamp with time zone,
    started_at timestamp with time zone
)

CREATE TABLE enrolment_rule (
    department_id bigint NOT NULL,
    course_id bigint NOT NULL
)

CREATE TABLE expected_person (
    id bigserial NOT NULL,
    profile_id bigint,
    identity character varying(640) NOT NULL,
    first_name character varying(100) NOT NULL,
    last_name character varying(100) NOT NULL,
    email character varying(254),
    phone character varying(32),
    added_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone,
    tried_field character varying(64),
    department_id bigint
)

CREATE TABLE expected_value (
    person_id bigint NOT NULL,
    field_id bigint NOT NULL,
    unique_key character varying(1000) NOT NULL
)

CREATE TABLE field_value (
    user_id bigint NOT NULL,
    field_id bigint NOT NULL,
    value character varying(1000) NOT NULL,
    unique_key character varying(1000)
)

CREATE TABLE heartbeat (
    part character varying(32) NOT NULL,
    at timestamp with time zone NOT NULL
)

CREATE TABLE incoming (
    update_id bigint NOT NULL,
    line bigint NOT NULL,
    sender_id bigint,
    body json NOT NULL,
    state character varying(11) NOT NULL,
    effected boolean NOT NULL,
    holder character varying(36),
    leased_until timestamp with time zone,
    tries integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    standing character varying(8) DEFAULT 'known'::character varying NOT NULL,
    button character varying(8),
    entries json
)

CREATE TABLE invitation (
    id bigserial NOT NULL,
    code_hash character varying(64) NOT NULL,
    role character varying(32) NOT NULL,
    custom_role_id bigint,
    created_by bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_by bigint,
    used_at timestamp with time zone,
    user_id bigint
)

CREATE TABLE invited_department (
    invitation_id bigint NOT NULL,
    department_id bigint NOT NULL
)

CREATE TABLE lease (
    name character varying(32) NOT NULL,
    holder character varying(36) NOT NULL,
    expires_at timestamp with time zone NOT NULL
)

CREATE TABLE ledger_entry (
    id bigserial NOT NULL,
    profile_id bigint NOT NULL,
    kind character varying(8) NOT NULL,
    user_id bigint NOT NULL,
    by_id bigint,
    reason character varying(300) NOT NULL,
    at timestamp with time zone NOT NULL
)

CREATE TABLE left_branch (
    ancestor_id bigint NOT NULL,
    descendant_id bigint NOT NULL,
    since bigint NOT NULL,
    through bigint
)

CREATE TABLE left_out (
    what character varying(32) NOT NULL,
    number bigint NOT NULL
)

CREATE TABLE limit_use (
    key character varying(64) NOT NULL,
    attempts integer NOT NULL,
    opens_at bigint NOT NULL,
    expires_at bigint NOT NULL
)

CREATE TABLE link (
    id bigserial NOT NULL,
    profile_id bigint NOT NULL,
    token character varying(64) NOT NULL,
    label character varying(200) NOT NULL,
    label_key character varying(600) NOT NULL,
    replaced_at timestamp with time zone,
    personal boolean DEFAULT false NOT NULL,
    used_at timestamp with time zone,
    failed integer DEFAULT 0 NOT NULL
)

CREATE TABLE link_mail_day (
    day date NOT NULL,
    queued integer NOT NULL
)

CREATE TABLE link_recipient (
    id bigserial NOT NULL,
    profile_id bigint NOT NULL,
    email character varying(254) NOT NULL,
    first_name character varying(100) NOT NULL,
    last_name character varying(100) NOT NULL,
    added_by bigint NOT NULL,
    added_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    link_id bigint
)

CREATE TABLE live_card (
    id bigserial NOT NULL,
    profile_id bigint NOT NULL,
    by_id bigint NOT NULL,
    language character varying(8) NOT NULL,
    inline_message_id character varying(255),
    chat_id bigint,
    thread_id bigint,
    message_id bigint,
    chat_title character varying(255) NOT NULL,
    shown character varying(8) NOT NULL,
    next_at timestamp with time zone NOT NULL,
    stopped boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
)

CREATE TABLE logo (
    version character varying(24) NOT NULL,
    content text NOT NULL,
    added_at timestamp with time zone NOT NULL
)

CREATE TABLE managed_department (
    user_id bigint NOT NULL,
    department_id bigint NOT NULL
)

CREATE TABLE mini_app_visit (
    code_hash character varying(64) NOT NULL,
    digest character varying(64) NOT NULL,
    telegram_id bigint NOT NULL,
    first_name character varying(100) NOT NULL,
    last_name character varying(100) NOT NULL,
    may_write boolean NOT NULL,
    expires_at timestamp with time zone NOT NULL
)

CREATE TABLE outgoing (
    id bigserial NOT NULL,
    kind character varying(32) NOT NULL,
    user_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    subject_id bigint NOT NULL,
    state character varying(8) NOT NULL,
    holder character varying(36),
    not_before timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    thread_id bigint,
    repetition integer DEFAULT 0 NOT NULL,
    unknown_since timestamp with time zone,
    grows_in bigint,
    changes bigint,
    refusal character varying(200)
)

CREATE TABLE outgoing_mail (
    id bigserial NOT NULL,
    kind character varying(32) NOT NULL,
    user_id bigint,
    address character varying(254) NOT NULL,
    language character varying(16) NOT NULL,
    reference character varying(32) NOT NULL,
    state character varying(8) NOT NULL,
    holder character varying(36),
    not_before timestamp with time zone NOT NULL,
    useless_from timestamp with time zone NOT NULL,
    tries integer NOT NULL,
    repetition integer NOT NULL,
    reason character varying(200),
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    recipient_id bigint,
    reminder_id bigint
)

CREATE TABLE password_link (
    code_hash character varying(64) NOT NULL,
    user_id bigint NOT NULL,
    made_by bigint,
    expires_at timestamp with time zone NOT NULL
)

CREATE TABLE password_request (
    id bigserial NOT NULL,
    identifier character varying(254) NOT NULL,
    user_id bigint,
    announced boolean NOT NULL,
    asked_at timestamp with time zone NOT NULL
)

CREATE TABLE pending_sign_up (
    user_id bigint NOT NULL,
    profile_id bigint NOT NULL,
    link_id bigint NOT NULL,
    form_key character varying(64) NOT NULL,
    code_hash character varying(64),
    needs_approval boolean NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    announced boolean DEFAULT true NOT NULL,
    email character varying(254),
    digits_hash character varying(64),
    declined_at timestamp with time zone,
    declined_by bigint
)

CREATE TABLE privacy_policy (
    version integer NOT NULL,
    text text NOT NULL,
    published_at timestamp with time zone
)

CREATE TABLE profile (
    id bigserial NOT NULL,
    name character varying(200) NOT NULL,
    name_key character varying(600) NOT NULL,
    department_id bigint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    activation_limit integer,
    used integer NOT NULL,
    paused boolean NOT NULL,
    removed_at timestamp with time zone,
    created_by bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reserved integer DEFAULT 0 NOT NULL,
    removed_by bigint,
    draft_id character varying(24),
    only_expected boolean DEFAULT false NOT NULL
)

CREATE TABLE profile_department (
    profile_id bigint NOT NULL,
    department_id bigint NOT NULL
)

CREATE TABLE question (
    id bigserial NOT NULL,
    user_id bigint NOT NULL,
    about character varying(24) NOT NULL,
    body json NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone
)

CREATE TABLE raised_alert (
    kind character varying(16) NOT NULL,
    subject_id bigint NOT NULL,
    occurrence character varying(32) NOT NULL,
    at timestamp with time zone NOT NULL
)

CREATE TABLE record_entry (
    id bigserial NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    action character varying(40) NOT NULL,
    subject_id bigint,
    subject character varying(500) NOT NULL,
    department_id bigint,
    before json NOT NULL,
    after json NOT NULL
)

CREATE TABLE reminder (
    id bigserial NOT NULL,
    person_key character varying(64) NOT NULL,
    day date NOT NULL,
    occasion character varying(16) NOT NULL,
    user_id bigint,
    expected_id bigint,
    profile_id bigint,
    by_id bigint,
    at timestamp with time zone NOT NULL,
    told_on date,
    refused boolean DEFAULT false NOT NULL
)

CREATE TABLE reminder_code (
    code_hash character varying(64) NOT NULL,
    reminder_id bigint NOT NULL
)

CREATE TABLE reminder_round (
    day date NOT NULL,
    through_profile bigint NOT NULL,
    through_user bigint NOT NULL,
    ended_at timestamp with time zone,
    through_department bigint DEFAULT 0 NOT NULL
)

CREATE TABLE reminder_rule (
    id bigserial NOT NULL,
    occasion character varying(16) NOT NULL,
    profile_id bigint,
    department_id bigint,
    days integer NOT NULL,
    is_on boolean NOT NULL,
    since timestamp with time zone NOT NULL
)

CREATE TABLE reminder_stop (
    person_key character varying(64) NOT NULL,
    stopped_at timestamp with time zone NOT NULL
)

CREATE TABLE repetition (
    user_id bigint NOT NULL,
    key character varying(64) NOT NULL,
    made bigint,
    at timestamp with time zone NOT NULL
)

CREATE TABLE request_page (
    code_hash character varying(64) NOT NULL,
    request_id bigint NOT NULL,
    is_first boolean NOT NULL
)

CREATE TABLE rush (
    subject character varying(64) NOT NULL,
    until timestamp with time zone NOT NULL
)

CREATE TABLE search (
    id bigserial NOT NULL,
    user_id bigint NOT NULL,
    words character varying(200) NOT NULL,
    at timestamp with time zone NOT NULL
)

CREATE TABLE silenced_alert (
    kind character varying(16) NOT NULL
)

CREATE TABLE status_page (
    code_hash character varying(64) NOT NULL,
    user_id bigint NOT NULL,
    link_id bigint NOT NULL,
    mail_in character varying(16),
    expires_at timestamp with time zone NOT NULL
)

CREATE TABLE telegram_code (
    code_hash character varying(64) NOT NULL,
    user_id bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL
)

CREATE TABLE telegram_connection (
    user_id bigint NOT NULL,
    telegram_id bigint NOT NULL,
    may_write boolean DEFAULT false NOT NULL,
    connected_at timestamp with time zone NOT NULL,
    courses_told_at timestamp with time zone
)

CREATE TABLE user_account (
    id bigserial NOT NULL,
    role character varying(32) NOT NULL,
    department_id bigint NOT NULL,
    first_name character varying(100) NOT NULL,
    last_name character varying(100) NOT NULL,
    email character varying(254),
    login character varying(64),
    password_hash character varying(200),
    phone character varying(32) NOT NULL,
    job_title character varying(100) NOT NULL,
    telegram_id bigint,
    language character varying(16) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state character varying(8) NOT NULL,
    custom_role_id bigint,
    consent_version integer,
    consent_at timestamp with time zone,
    search_key text DEFAULT ''::text NOT NULL,
    password_link_at timestamp with time zone,
    deleted_at timestamp with time zone,
    chosen_language character varying(16),
    dark_pictures boolean DEFAULT false NOT NULL
)

CREATE TABLE web_session (
    token_hash character varying(64) NOT NULL,
    user_id bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone NOT NULL,
    device character varying(60) DEFAULT ''::character varying NOT NULL
)

ALTER TABLE access_request ADD CONSTRAINT ck_access_request_state CHECK (((state)::text = ANY (ARRAY[('open'::character varying)::text, ('granted'::character varying)::text, ('used'::character varying)::text, ('declined'::character varying)::text, ('withdrawn'::character varying)::text, ('expired'::character varying)::text])))

ALTER TABLE access_request ADD CONSTRAINT pk_access_request PRIMARY KEY (id)

ALTER TABLE account ADD CONSTRAINT ck_account_one CHECK ((id = 1))

ALTER TABLE account ADD CONSTRAINT ck_account_seats_counted CHECK (((seats IS NULL) = (seats_taken IS NULL)))

ALTER TABLE account ADD CONSTRAINT ck_account_seats_positive CHECK (((seats IS NULL) OR (seats >= 1)))

ALTER TABLE account ADD CONSTRAINT ck_account_seats_taken CHECK ((seats_taken >= 0))

ALTER TABLE account ADD CONSTRAINT pk_account PRIMARY KEY (id)

ALTER TABLE activation ADD CONSTRAINT pk_activation PRIMARY KEY (id)

ALTER TABLE activation ADD CONSTRAINT uq_activation_form_key UNIQUE (form_key)

ALTER TABLE activation ADD CONSTRAINT uq_activation_user_id UNIQUE (user_id)

ALTER TABLE alembic_version ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)

ALTER TABLE course ADD CONSTRAINT ck_course_days_positive CHECK (((days IS NULL) OR (days >= 1)))

ALTER TABLE course ADD CONSTRAINT pk_course PRIMARY KEY (id)

ALTER TABLE course ADD CONSTRAINT uq_course_title_key UNIQUE (title_key)

ALTER TABLE custom_field ADD CONSTRAINT pk_custom_field PRIMARY KEY (id)

ALTER TABLE custom_role ADD CONSTRAINT pk_custom_role PRIMARY KEY (id)

ALTER TABLE custom_role ADD CONSTRAINT uq_custom_role_name_key UNIQUE (name_key)

ALTER TABLE delivery_pause ADD CONSTRAINT ck_delivery_pause_one CHECK ((id = 1))

ALTER TABLE delivery_pause ADD CONSTRAINT pk_delivery_pause PRIMARY KEY (id)

ALTER TABLE department ADD CONSTRAINT pk_department PRIMARY KEY (id)

ALTER TABLE department_tree ADD CONSTRAINT pk_department_tree PRIMARY KEY (ancestor_id, descendant_id)

ALTER TABLE dialogue ADD CONSTRAINT pk_dialogue PRIMARY KEY (user_id, chat_id)

ALTER TABLE digest ADD CONSTRAINT pk_digest PRIMARY KEY (id)

ALTER TABLE digest_profile ADD CONSTRAINT pk_digest_profile PRIMARY KEY (digest_id, profile_id)

ALTER TABLE digest_run ADD CONSTRAINT pk_digest_run PRIMARY KEY (id)

ALTER TABLE digest_run ADD CONSTRAINT uq_digest_run_digest_id_due_at UNIQUE (digest_id, due_at)

ALTER TABLE email_change ADD CONSTRAINT pk_email_change PRIMARY KEY (user_id)

ALTER TABLE email_change ADD CONSTRAINT uq_email_change_code_hash UNIQUE (code_hash)

ALTER TABLE enrolment ADD CONSTRAINT pk_enrolment PRIMARY KEY (user_id, course_id)

ALTER TABLE enrolment_rule ADD CONSTRAINT pk_enrolment_rule PRIMARY KEY (department_id, course_id)

ALTER TABLE expected_person ADD CONSTRAINT ck_expected_person_of_one CHECK (((profile_id IS NULL) <> (department_id IS NULL)))

ALTER TABLE expected_person ADD CONSTRAINT pk_expected_person PRIMARY KEY (id)

ALTER TABLE expected_person ADD CONSTRAINT uq_expected_person_department_id_identity UNIQUE (department_id, identity)

ALTER TABLE expected_person ADD CONSTRAINT uq_expected_person_profile_id_identity UNIQUE (profile_id, identity)

ALTER TABLE expected_value ADD CONSTRAINT pk_expected_value PRIMARY KEY (person_id, field_id)

ALTER TABLE field_value ADD CONSTRAINT pk_field_value PRIMARY KEY (user_id, field_id)

ALTER TABLE field_value ADD CONSTRAINT uq_field_value_field_id_unique_key UNIQUE (field_id, unique_key)

ALTER TABLE heartbeat ADD CONSTRAINT pk_heartbeat PRIMARY KEY (part)

ALTER TABLE incoming ADD CONSTRAINT pk_incoming PRIMARY KEY (update_id)

ALTER TABLE invitation ADD CONSTRAINT pk_invitation PRIMARY KEY (id)

ALTER TABLE invitation ADD CONSTRAINT uq_invitation_code_hash UNIQUE (code_hash)

ALTER TABLE invited_department ADD CONSTRAINT pk_invited_department PRIMARY KEY (invitation_id, department_id)

ALTER TABLE lease ADD CONSTRAINT pk_lease PRIMARY KEY (name)

ALTER TABLE ledger_entry ADD CONSTRAINT ck_ledger_entry_kind CHECK (((kind)::text = ANY (ARRAY[('reserved'::character varying)::text, ('released'::character varying)::text, ('taken'::character varying)::text, ('returned'::character varying)::text, ('retaken'::character varying)::text])))

ALTER TABLE ledger_entry ADD CONSTRAINT pk_ledger_entry PRIMARY KEY (id)

ALTER TABLE left_branch ADD CONSTRAINT pk_left_branch PRIMARY KEY (ancestor_id, descendant_id, since)

ALTER TABLE left_out ADD CONSTRAINT pk_left_out PRIMARY KEY (what)

ALTER TABLE limit_use ADD CONSTRAINT pk_limit_use PRIMARY KEY (key)

ALTER TABLE link ADD CONSTRAINT pk_link PRIMARY KEY (id)

ALTER TABLE link ADD CONSTRAINT uq_link_token UNIQUE (token)

ALTER TABLE link_mail_day ADD CONSTRAINT pk_link_mail_day PRIMARY KEY (day)

ALTER TABLE link_recipient ADD CONSTRAINT pk_link_recipient PRIMARY KEY (id)

ALTER TABLE link_recipient ADD CONSTRAINT uq_link_recipient_link_id UNIQUE (link_id)

ALTER TABLE link_recipient ADD CONSTRAINT uq_link_recipient_profile_id_email UNIQUE (profile_id, email)

ALTER TABLE live_card ADD CONSTRAINT ck_live_card_one_place CHECK (((inline_message_id IS NULL) <> (chat_id IS NULL)))

ALTER TABLE live_card ADD CONSTRAINT pk_live_card PRIMARY KEY (id)

ALTER TABLE live_card ADD CONSTRAINT uq_live_card_inline_message_id UNIQUE (inline_message_id)

ALTER TABLE logo ADD CONSTRAINT pk_logo PRIMARY KEY (version)

ALTER TABLE managed_department ADD CONSTRAINT pk_managed_department PRIMARY KEY (user_id, department_id)

ALTER TABLE mini_app_visit ADD CONSTRAINT pk_mini_app_visit PRIMARY KEY (code_hash)

ALTER TABLE mini_app_visit ADD CONSTRAINT uq_mini_app_visit_digest UNIQUE (digest)

ALTER TABLE outgoing ADD CONSTRAINT pk_outgoing PRIMARY KEY (id)

ALTER TABLE outgoing_mail ADD CONSTRAINT pk_outgoing_mail PRIMARY KEY (id)

ALTER TABLE password_link ADD CONSTRAINT pk_password_link PRIMARY KEY (code_hash)

ALTER TABLE password_request ADD CONSTRAINT pk_password_request PRIMARY KEY (id)

ALTER TABLE password_request ADD CONSTRAINT uq_password_request_identifier UNIQUE (identifier)

ALTER TABLE pending_sign_up ADD CONSTRAINT pk_pending_sign_up PRIMARY KEY (user_id)

ALTER TABLE pending_sign_up ADD CONSTRAINT uq_pending_sign_up_code_hash UNIQUE (code_hash)

ALTER TABLE pending_sign_up ADD CONSTRAINT uq_pending_sign_up_form_key UNIQUE (form_key)

ALTER TABLE privacy_policy ADD CONSTRAINT pk_privacy_policy PRIMARY KEY (version)

ALTER TABLE profile ADD CONSTRAINT ck_profile_limit_positive CHECK (((activation_limit IS NULL) OR (activation_limit >= 1)))

ALTER TABLE profile ADD CONSTRAINT ck_profile_used_within_limit CHECK (((used >= 0) AND (reserved >= 0) AND ((activation_limit IS NULL) OR ((used + reserved) <= activation_limit))))

ALTER TABLE profile ADD CONSTRAINT ck_profile_window CHECK ((starts_at < ends_at))

ALTER TABLE profile ADD CONSTRAINT pk_profile PRIMARY KEY (id)

ALTER TABLE profile_department ADD CONSTRAINT pk_profile_department PRIMARY KEY (profile_id, department_id)

ALTER TABLE question ADD CONSTRAINT pk_question PRIMARY KEY (id)

ALTER TABLE raised_alert ADD CONSTRAINT pk_raised_alert PRIMARY KEY (kind, subject_id, occurrence)

ALTER TABLE record_entry ADD CONSTRAINT pk_record_entry PRIMARY KEY (id)

ALTER TABLE reminder ADD CONSTRAINT pk_reminder PRIMARY KEY (id)

ALTER TABLE reminder ADD CONSTRAINT uq_reminder_person_key_day UNIQUE (person_key, day)

ALTER TABLE reminder ADD CONSTRAINT uq_reminder_user_id_day UNIQUE (user_id, day)

ALTER TABLE reminder_code ADD CONSTRAINT pk_reminder_code PRIMARY KEY (code_hash)

ALTER TABLE reminder_round ADD CONSTRAINT pk_reminder_round PRIMARY KEY (day)

ALTER TABLE reminder_rule ADD CONSTRAINT ck_reminder_rule_days CHECK ((days >= 0))

ALTER TABLE reminder_rule ADD CONSTRAINT ck_reminder_rule_place CHECK (((profile_id IS NULL) OR (department_id IS NULL)))

ALTER TABLE reminder_rule ADD CONSTRAINT pk_reminder_rule PRIMARY KEY (id)

ALTER TABLE reminder_rule ADD CONSTRAINT uq_reminder_rule_occasion_department_id UNIQUE (occasion, department_id)

ALTER TABLE reminder_rule ADD CONSTRAINT uq_reminder_rule_occasion_profile_id UNIQUE (occasion, profile_id)

ALTER TABLE reminder_stop ADD CONSTRAINT pk_reminder_stop PRIMARY KEY (person_key)

ALTER TABLE repetition ADD CONSTRAINT pk_repetition PRIMARY KEY (user_id, key)

ALTER TABLE request_page ADD CONSTRAINT pk_request_page PRIMARY KEY (code_hash)

ALTER TABLE rush ADD CONSTRAINT pk_rush PRIMARY KEY (subject)

ALTER TABLE search ADD CONSTRAINT pk_search PRIMARY KEY (id)

ALTER TABLE search ADD CONSTRAINT uq_search_user_id_words UNIQUE (user_id, words)

ALTER TABLE silenced_alert ADD CONSTRAINT pk_silenced_alert PRIMARY KEY (kind)

ALTER TABLE status_page ADD CONSTRAINT pk_status_page PRIMARY KEY (code_hash)

ALTER TABLE telegram_code ADD CONSTRAINT pk_telegram_code PRIMARY KEY (code_hash)

ALTER TABLE telegram_connection ADD CONSTRAINT pk_telegram_connection PRIMARY KEY (user_id)

ALTER TABLE telegram_connection ADD CONSTRAINT uq_telegram_connection_telegram_id UNIQUE (telegram_id)

ALTER TABLE user_account ADD CONSTRAINT ck_user_account_custom_role CHECK ((((role)::text = 'custom role'::text) = (custom_role_id IS NOT NULL)))

ALTER TABLE user_account ADD CONSTRAINT ck_user_account_state CHECK (((state)::text = ANY (ARRAY[('active'::character varying)::text, ('inactive'::character varying)::text, ('pending'::character varying)::text, ('deleted'::character varying)::text])))

ALTER TABLE user_account ADD CONSTRAINT pk_user_account PRIMARY KEY (id)

ALTER TABLE user_account ADD CONSTRAINT uq_user_account_email UNIQUE (email)

ALTER TABLE user_account ADD CONSTRAINT uq_user_account_id_department_id UNIQUE (id, department_id)

ALTER TABLE user_account ADD CONSTRAINT uq_user_account_login UNIQUE (login)

ALTER TABLE user_account ADD CONSTRAINT uq_user_account_telegram_id UNIQUE (telegram_id)

ALTER TABLE web_session ADD CONSTRAINT pk_web_session PRIMARY KEY (token_hash)

ALTER TABLE access_request ADD CONSTRAINT fk_access_request_answered_by FOREIGN KEY (answered_by) REFERENCES user_account(id)

ALTER TABLE access_request ADD CONSTRAINT fk_access_request_link_id FOREIGN KEY (link_id) REFERENCES link(id)

ALTER TABLE access_request ADD CONSTRAINT fk_access_request_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE activation ADD CONSTRAINT fk_activation_department_id FOREIGN KEY (department_id) REFERENCES department(id)

ALTER TABLE activation ADD CONSTRAINT fk_activation_learner FOREIGN KEY (user_id, learner_department_id) REFERENCES user_account(id, department_id) ON UPDATE CASCADE

ALTER TABLE activation ADD CONSTRAINT fk_activation_link_id FOREIGN KEY (link_id) REFERENCES link(id)

ALTER TABLE activation ADD CONSTRAINT fk_activation_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE department ADD CONSTRAINT fk_department_parent_id FOREIGN KEY (parent_id) REFERENCES department(id)

ALTER TABLE department_tree ADD CONSTRAINT fk_department_tree_ancestor_id FOREIGN KEY (ancestor_id) REFERENCES department(id) ON DELETE CASCADE

ALTER TABLE department_tree ADD CONSTRAINT fk_department_tree_descendant_id FOREIGN KEY (descendant_id) REFERENCES department(id) ON DELETE CASCADE

ALTER TABLE dialogue ADD CONSTRAINT fk_dialogue_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE digest ADD CONSTRAINT fk_digest_department_id FOREIGN KEY (department_id) REFERENCES department(id)

ALTER TABLE digest ADD CONSTRAINT fk_digest_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE digest_profile ADD CONSTRAINT fk_digest_profile_digest_id FOREIGN KEY (digest_id) REFERENCES digest(id) ON DELETE CASCADE

ALTER TABLE digest_profile ADD CONSTRAINT fk_digest_profile_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE digest_run ADD CONSTRAINT fk_digest_run_digest_id FOREIGN KEY (digest_id) REFERENCES digest(id) ON DELETE CASCADE

ALTER TABLE email_change ADD CONSTRAINT fk_email_change_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE enrolment ADD CONSTRAINT fk_enrolment_course_id FOREIGN KEY (course_id) REFERENCES course(id)

ALTER TABLE enrolment ADD CONSTRAINT fk_enrolment_user_id FOREIGN KEY (user_id) REFERENCES user_account(id)

ALTER TABLE enrolment_rule ADD CONSTRAINT fk_enrolment_rule_course_id FOREIGN KEY (course_id) REFERENCES course(id)

ALTER TABLE enrolment_rule ADD CONSTRAINT fk_enrolment_rule_department_id FOREIGN KEY (department_id) REFERENCES department(id) ON DELETE CASCADE

ALTER TABLE expected_person ADD CONSTRAINT fk_expected_person_department_id FOREIGN KEY (department_id) REFERENCES department(id)

ALTER TABLE expected_person ADD CONSTRAINT fk_expected_person_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE expected_value ADD CONSTRAINT fk_expected_value_field_id FOREIGN KEY (field_id) REFERENCES custom_field(id)

ALTER TABLE expected_value ADD CONSTRAINT fk_expected_value_person_id FOREIGN KEY (person_id) REFERENCES expected_person(id) ON DELETE CASCADE

ALTER TABLE field_value ADD CONSTRAINT fk_field_value_field_id FOREIGN KEY (field_id) REFERENCES custom_field(id)

ALTER TABLE field_value ADD CONSTRAINT fk_field_value_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE invitation ADD CONSTRAINT fk_invitation_created_by FOREIGN KEY (created_by) REFERENCES user_account(id)

ALTER TABLE invitation ADD CONSTRAINT fk_invitation_custom_role_id FOREIGN KEY (custom_role_id) REFERENCES custom_role(id) ON DELETE CASCADE

ALTER TABLE invitation ADD CONSTRAINT fk_invitation_used_by FOREIGN KEY (used_by) REFERENCES user_account(id)

ALTER TABLE invitation ADD CONSTRAINT fk_invitation_user_id FOREIGN KEY (user_id) REFERENCES user_account(id)

ALTER TABLE invited_department ADD CONSTRAINT fk_invited_department_department_id FOREIGN KEY (department_id) REFERENCES department(id)

ALTER TABLE invited_department ADD CONSTRAINT fk_invited_department_invitation_id FOREIGN KEY (invitation_id) REFERENCES invitation(id) ON DELETE CASCADE

ALTER TABLE ledger_entry ADD CONSTRAINT fk_ledger_entry_by_id FOREIGN KEY (by_id) REFERENCES user_account(id)

ALTER TABLE ledger_entry ADD CONSTRAINT fk_ledger_entry_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE ledger_entry ADD CONSTRAINT fk_ledger_entry_user_id FOREIGN KEY (user_id) REFERENCES user_account(id)

ALTER TABLE left_branch ADD CONSTRAINT fk_left_branch_ancestor_id FOREIGN KEY (ancestor_id) REFERENCES department(id) ON DELETE CASCADE

ALTER TABLE left_branch ADD CONSTRAINT fk_left_branch_descendant_id FOREIGN KEY (descendant_id) REFERENCES department(id) ON DELETE CASCADE

ALTER TABLE link ADD CONSTRAINT fk_link_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE link_recipient ADD CONSTRAINT fk_link_recipient_added_by FOREIGN KEY (added_by) REFERENCES user_account(id)

ALTER TABLE link_recipient ADD CONSTRAINT fk_link_recipient_link_id FOREIGN KEY (link_id) REFERENCES link(id)

ALTER TABLE link_recipient ADD CONSTRAINT fk_link_recipient_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE live_card ADD CONSTRAINT fk_live_card_by_id FOREIGN KEY (by_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE live_card ADD CONSTRAINT fk_live_card_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE managed_department ADD CONSTRAINT fk_managed_department_department_id FOREIGN KEY (department_id) REFERENCES department(id)

ALTER TABLE managed_department ADD CONSTRAINT fk_managed_department_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE outgoing ADD CONSTRAINT fk_outgoing_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE outgoing_mail ADD CONSTRAINT fk_outgoing_mail_recipient_id FOREIGN KEY (recipient_id) REFERENCES link_recipient(id) ON DELETE CASCADE

ALTER TABLE outgoing_mail ADD CONSTRAINT fk_outgoing_mail_reminder_id FOREIGN KEY (reminder_id) REFERENCES reminder(id) ON DELETE CASCADE

ALTER TABLE outgoing_mail ADD CONSTRAINT fk_outgoing_mail_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE password_link ADD CONSTRAINT fk_password_link_made_by FOREIGN KEY (made_by) REFERENCES user_account(id)

ALTER TABLE password_link ADD CONSTRAINT fk_password_link_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE password_request ADD CONSTRAINT fk_password_request_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE pending_sign_up ADD CONSTRAINT fk_pending_sign_up_declined_by FOREIGN KEY (declined_by) REFERENCES user_account(id)

ALTER TABLE pending_sign_up ADD CONSTRAINT fk_pending_sign_up_link_id FOREIGN KEY (link_id) REFERENCES link(id)

ALTER TABLE pending_sign_up ADD CONSTRAINT fk_pending_sign_up_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE pending_sign_up ADD CONSTRAINT fk_pending_sign_up_user_id FOREIGN KEY (user_id) REFERENCES user_account(id)

ALTER TABLE profile ADD CONSTRAINT fk_profile_created_by FOREIGN KEY (created_by) REFERENCES user_account(id)

ALTER TABLE profile ADD CONSTRAINT fk_profile_department_id FOREIGN KEY (department_id) REFERENCES department(id)

ALTER TABLE profile ADD CONSTRAINT fk_profile_removed_by FOREIGN KEY (removed_by) REFERENCES user_account(id)

ALTER TABLE profile_department ADD CONSTRAINT fk_profile_department_department_id FOREIGN KEY (department_id) REFERENCES department(id)

ALTER TABLE profile_department ADD CONSTRAINT fk_profile_department_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE question ADD CONSTRAINT fk_question_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE record_entry ADD CONSTRAINT fk_record_entry_actor_id FOREIGN KEY (actor_id) REFERENCES user_account(id)

ALTER TABLE record_entry ADD CONSTRAINT fk_record_entry_department_id FOREIGN KEY (department_id) REFERENCES department(id)

ALTER TABLE reminder ADD CONSTRAINT fk_reminder_by_id FOREIGN KEY (by_id) REFERENCES user_account(id)

ALTER TABLE reminder ADD CONSTRAINT fk_reminder_expected_id FOREIGN KEY (expected_id) REFERENCES expected_person(id) ON DELETE SET NULL

ALTER TABLE reminder ADD CONSTRAINT fk_reminder_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE reminder ADD CONSTRAINT fk_reminder_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE reminder_code ADD CONSTRAINT fk_reminder_code_reminder_id FOREIGN KEY (reminder_id) REFERENCES reminder(id) ON DELETE CASCADE

ALTER TABLE reminder_rule ADD CONSTRAINT fk_reminder_rule_department_id FOREIGN KEY (department_id) REFERENCES department(id) ON DELETE CASCADE

ALTER TABLE reminder_rule ADD CONSTRAINT fk_reminder_rule_profile_id FOREIGN KEY (profile_id) REFERENCES profile(id)

ALTER TABLE repetition ADD CONSTRAINT fk_repetition_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE request_page ADD CONSTRAINT fk_request_page_request_id FOREIGN KEY (request_id) REFERENCES access_request(id) ON DELETE CASCADE

ALTER TABLE search ADD CONSTRAINT fk_search_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE status_page ADD CONSTRAINT fk_status_page_link_id FOREIGN KEY (link_id) REFERENCES link(id)

ALTER TABLE status_page ADD CONSTRAINT fk_status_page_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE telegram_code ADD CONSTRAINT fk_telegram_code_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE telegram_connection ADD CONSTRAINT fk_telegram_connection_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

ALTER TABLE user_account ADD CONSTRAINT fk_user_account_custom_role_id FOREIGN KEY (custom_role_id) REFERENCES custom_role(id)

ALTER TABLE user_account ADD CONSTRAINT fk_user_account_department_id FOREIGN KEY (department_id) REFERENCES department(id)

ALTER TABLE web_session ADD CONSTRAINT fk_web_session_user_id FOREIGN KEY (user_id) REFERENCES user_account(id) ON DELETE CASCADE

CREATE INDEX ix_access_request_ends ON access_request USING btree (state, ends_at)

CREATE INDEX ix_access_request_profile ON access_request USING btree (profile_id, state)

CREATE INDEX ix_activation_at ON activation USING btree (at, learner_department_id, profile_id)

CREATE INDEX ix_activation_by_department ON activation USING btree (profile_id, learner_department_id, id, department_id)

CREATE INDEX ix_activation_by_origin ON activation USING btree (profile_id, department_id, learner_department_id)

CREATE INDEX ix_activation_link_id ON activation USING btree (link_id)

CREATE INDEX ix_activation_newest_first ON activation USING btree (profile_id, id)

CREATE INDEX ix_activation_returned ON activation USING btree (profile_id, at) WHERE (returned_at IS NOT NULL)

CREATE INDEX ix_department_tree_descendant_id ON department_tree USING btree (descendant_id)

CREATE INDEX ix_dialogue_updated_at ON dialogue USING btree (updated_at)

CREATE INDEX ix_digest_next_due ON digest USING btree (next_due)

CREATE INDEX ix_digest_user_id ON digest USING btree (user_id)

CREATE INDEX ix_email_change_expires_at ON email_change USING btree (expires_at)

CREATE INDEX ix_enrolment_course_id ON enrolment USING btree (course_id)

CREATE INDEX ix_enrolment_rule_course_id ON enrolment_rule USING btree (course_id)

CREATE INDEX ix_expected_person_email ON expected_person USING btree (email)

CREATE INDEX ix_expected_person_identity ON expected_person USING btree (identity)

CREATE INDEX ix_expected_person_phone ON expected_person USING btree (phone)

CREATE INDEX ix_expected_value_key ON expected_value USING btree (field_id, unique_key)

CREATE INDEX ix_incoming_button_of_line ON incoming USING btree (line, button)

CREATE INDEX ix_incoming_open_of_line ON incoming USING btree (line, update_id) WHERE ((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('claimed'::character varying)::text, ('answering'::character varying)::text]))

CREATE INDEX ix_incoming_received_at ON incoming USING btree (received_at)

CREATE INDEX ix_incoming_state ON incoming USING btree (state, update_id)

CREATE INDEX ix_invited_department_department_id ON invited_department USING btree (department_id)

CREATE INDEX ix_ledger_entry_profile ON ledger_entry USING btree (profile_id, id)

CREATE INDEX ix_ledger_entry_user ON ledger_entry USING btree (user_id)

CREATE INDEX ix_left_branch_descendant_id ON left_branch USING btree (descendant_id)

CREATE INDEX ix_limit_use_expires_at ON limit_use USING btree (expires_at)

CREATE INDEX ix_link_recipient_email ON link_recipient USING btree (email)

CREATE INDEX ix_live_card_by_id ON live_card USING btree (by_id)

CREATE INDEX ix_live_card_ended_at ON live_card USING btree (ended_at)

CREATE INDEX ix_live_card_shown ON live_card USING btree (profile_id, stopped, shown, next_at)

CREATE INDEX ix_managed_department_department_id ON managed_department USING btree (department_id)

CREATE INDEX ix_mini_app_visit_expires_at ON mini_app_visit USING btree (expires_at)

CREATE INDEX ix_outgoing_due ON outgoing USING btree (state, not_before)

CREATE INDEX ix_outgoing_mail_due ON outgoing_mail USING btree (state, not_before)

CREATE INDEX ix_outgoing_mail_ended_at ON outgoing_mail USING btree (ended_at)

CREATE INDEX ix_outgoing_mail_recipient_id ON outgoing_mail USING btree (recipient_id)

CREATE INDEX ix_outgoing_mail_reminder_id ON outgoing_mail USING btree (reminder_id)

CREATE INDEX ix_outgoing_mail_user_id ON outgoing_mail USING btree (user_id)

CREATE INDEX ix_outgoing_open_of_chat ON outgoing USING btree (chat_id, id) WHERE ((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('claimed'::character varying)::text, ('sending'::character varying)::text]))

CREATE INDEX ix_outgoing_user_id ON outgoing USING btree (user_id)

CREATE INDEX ix_password_link_expires_at ON password_link USING btree (expires_at)

CREATE INDEX ix_password_link_user_id ON password_link USING btree (user_id)

CREATE INDEX ix_password_request_announced ON password_request USING btree (announced)

CREATE INDEX ix_password_request_asked_at ON password_request USING btree (asked_at)

CREATE INDEX ix_password_request_user_id ON password_request USING btree (user_id)

CREATE INDEX ix_pending_sign_up_declined_at ON pending_sign_up USING btree (declined_at)

CREATE INDEX ix_pending_sign_up_expires_at ON pending_sign_up USING btree (expires_at)

CREATE INDEX ix_pending_sign_up_profile_id ON pending_sign_up USING btree (profile_id)

CREATE INDEX ix_profile_created_by ON profile USING btree (created_by)

CREATE INDEX ix_profile_department_department_id ON profile_department USING btree (department_id)

CREATE INDEX ix_profile_department_id ON profile USING btree (department_id)

CREATE INDEX ix_question_asked_at ON question USING btree (asked_at)

CREATE INDEX ix_question_user_id ON question USING btree (user_id)

CREATE INDEX ix_record_entry_department ON record_entry USING btree (department_id, id)

CREATE INDEX ix_reminder_code_reminder_id ON reminder_code USING btree (reminder_id)

CREATE INDEX ix_reminder_day ON reminder USING btree (day)

CREATE INDEX ix_reminder_expected_id ON reminder USING btree (expected_id)

CREATE INDEX ix_reminder_profile_id ON reminder USING btree (profile_id)

CREATE INDEX ix_reminder_told_on ON reminder USING btree (told_on) WHERE (told_on IS NOT NULL)

CREATE INDEX ix_repetition_at ON repetition USING btree (at)

CREATE INDEX ix_request_page_request_id ON request_page USING btree (request_id)

CREATE INDEX ix_search_at ON search USING btree (at)

CREATE INDEX ix_status_page_expires_at ON status_page USING btree (expires_at)

CREATE INDEX ix_status_page_user_id ON status_page USING btree (user_id)

CREATE INDEX ix_telegram_code_expires_at ON telegram_code USING btree (expires_at)

CREATE INDEX ix_telegram_code_user_id ON telegram_code USING btree (user_id)

CREATE INDEX ix_user_account_active ON user_account USING btree (state) WHERE ((state)::text = 'active'::text)

CREATE INDEX ix_user_account_deleted_at ON user_account USING btree (deleted_at) WHERE (deleted_at IS NOT NULL)

CREATE INDEX ix_user_account_department ON user_account USING btree (department_id, id, state, search_key) WHERE ((state)::text <> 'deleted'::text)

CREATE INDEX ix_user_account_living ON user_account USING btree (id, state) WHERE ((state)::text <> 'deleted'::text)

CREATE INDEX ix_user_account_phone ON user_account USING btree (phone) WHERE ((phone)::text <> ''::text)

CREATE INDEX ix_web_session_expires_at ON web_session USING btree (expires_at)

CREATE INDEX ix_web_session_user_id ON web_session USING btree (user_id)

CREATE UNIQUE INDEX uq_access_request_link_id_email ON access_request USING btree (link_id, email) WHERE ((state)::text = 'open'::text)

CREATE UNIQUE INDEX uq_custom_field_label_key ON custom_field USING btree (label_key) WHERE (removed_at IS NULL)

CREATE UNIQUE INDEX uq_department_parent_id_name_key ON department USING btree (parent_id, name_key) WHERE (removed_at IS NULL)

CREATE UNIQUE INDEX uq_digest_user_id ON digest USING btree (user_id) WHERE main

CREATE UNIQUE INDEX uq_ledger_entry_once ON ledger_entry USING btree (user_id, kind) WHERE ((kind)::text = ANY (ARRAY[('reserved'::character varying)::text, ('released'::character varying)::text, ('taken'::character varying)::text]))

CREATE UNIQUE INDEX uq_link_profile_id_label_key ON link USING btree (profile_id, label_key) WHERE ((replaced_at IS NULL) AND (NOT personal))

CREATE UNIQUE INDEX uq_live_card_chat_id_profile_id ON live_card USING btree (chat_id, profile_id) WHERE (ended_at IS NULL)

CREATE UNIQUE INDEX uq_profile_draft_id ON profile USING btree (draft_id)

CREATE UNIQUE INDEX uq_reminder_rule_occasion ON reminder_rule USING btree (occasion) WHERE ((profile_id IS NULL) AND (department_id IS NULL))

CREATE UNIQUE INDEX uq_user_account_owner ON user_account USING btree (role) WHERE ((role)::text = 'owner'::text)

CREATE OR REPLACE FUNCTION gangway_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $function$

CREATE OR REPLACE FUNCTION gangway_erases_names()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id AND NEW.action IS NOT DISTINCT FROM OLD.action AND NEW.subject_id IS NOT DISTINCT FROM OLD.subject_id AND NEW.department_id IS NOT DISTINCT FROM OLD.department_id AND NEW.subject IS NOT DISTINCT FROM ('#' || OLD.subject_id) AND (NEW."before"::text = OLD."before"::text OR NEW."before"::text = '{}') AND (NEW."after"::text = OLD."after"::text OR NEW."after"::text = '{}') THEN RETURN NEW; END IF; RAISE EXCEPTION 'record_entry is append-only'; END $function$

CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION gangway_append_only()

CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION gangway_append_only()

CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION gangway_append_only()

CREATE TRIGGER privacy_policy_no_delete BEFORE DELETE ON privacy_policy FOR EACH STATEMENT EXECUTE FUNCTION gangway_append_only()

CREATE TRIGGER privacy_policy_no_truncate BEFORE TRUNCATE ON privacy_policy FOR EACH STATEMENT EXECUTE FUNCTION gangway_append_only()

CREATE TRIGGER privacy_policy_no_update BEFORE UPDATE ON privacy_policy FOR EACH STATEMENT EXECUTE FUNCTION gangway_append_only()

CREATE TRIGGER record_entry_no_delete BEFORE DELETE ON record_entry FOR EACH STATEMENT EXECUTE FUNCTION gangway_append_only()

CREATE TRIGGER record_entry_no_truncate BEFORE TRUNCATE ON record_entry FOR EACH STATEMENT EXECUTE FUNCTION gangway_append_only()

CREATE TRIGGER record_entry_no_update BEFORE UPDATE ON record_entry FOR EACH ROW EXECUTE FUNCTION gangway_erases_names()

INSERT INTO account (id, name, zone, sign_up_enabled, secret_key, owner_nonce, seats, strong_passwords, email_confirmation, approval, email_domains, privacy_version, last_name_required, consent_asked, belongs_to, owner_code_expires_at, owner_code_replaces, language, contact, accent, welcome, login_field, phone_field, job_title_field, lists_kept_days, names_kept_days, seats_taken, bot_name, joining, challenge, logo) VALUES (1, NULL, 'UTC', false, NULL, NULL, NULL, false, false, false, '[]', 0, true, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'off', 'optional', 'optional', 90, NULL, NULL, NULL, false, 'auto', NULL)

INSERT INTO alembic_version (version_num) VALUES ('0067')

INSERT INTO department (id, parent_id, name, name_key, removed_at, only_expected) VALUES (1, NULL, '', '', NULL, false)

INSERT INTO department_tree (ancestor_id, descendant_id, depth) VALUES (1, 1, 0)

SELECT setval('department_id_seq', 1)
