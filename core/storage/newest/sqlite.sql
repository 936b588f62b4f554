CREATE TABLE access_request (
    id INTEGER NOT NULL,
    link_id INTEGER NOT NULL,
    profile_id INTEGER NOT NULL,
    first_name VARCHAR(100) NOT NULL,
    last_name VARCHAR(100) NOT NULL,
    email VARCHAR(254) NOT NULL,
    message VARCHAR(200) NOT NULL,
    state VARCHAR(9) NOT NULL,
    announced BOOLEAN NOT NULL,
    mail_in VARCHAR(16),
    asked_at DATETIME NOT NULL,
    ends_at DATETIME NOT NULL,
    answered_by INTEGER,
    CONSTRAINT ck_access_request_state CHECK (state IN ('open', 'granted', 'used', 'declined', 'withdrawn', 'expired')),
    CONSTRAINT fk_access_request_answered_by FOREIGN KEY(answered_by) REFERENCES user_account (id),
    CONSTRAINT fk_access_request_link_id FOREIGN KEY(link_id) REFERENCES link (id),
    CONSTRAINT fk_access_request_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT pk_access_request PRIMARY KEY (id)
)

CREATE TABLE "account" (
    id INTEGER NOT NULL,
    name VARCHAR(200),
    zone VARCHAR(64) NOT NULL,
    sign_up_enabled BOOLEAN NOT NULL,
    secret_key VARCHAR(64),
    owner_nonce VARCHAR(64),
    seats INTEGER,
    strong_passwords BOOLEAN DEFAULT 0 NOT NULL,
    email_confirmation BOOLEAN DEFAULT 0 NOT NULL,
    approval BOOLEAN DEFAULT 0 NOT NULL,
    email_domains JSON DEFAULT '[]' NOT NULL,
    privacy_version INTEGER DEFAULT '0' NOT NULL,
    last_name_required BOOLEAN DEFAULT 1 NOT NULL,
    consent_asked BOOLEAN DEFAULT 0 NOT NULL,
    belongs_to VARCHAR(32),
    owner_code_expires_at DATETIME,
    owner_code_replaces INTEGER,
    language VARCHAR(2),
    contact VARCHAR(200),
    accent VARCHAR(7),
    welcome VARCHAR(300),
    login_field VARCHAR(8) DEFAULT 'off' NOT NULL,
    phone_field VARCHAR(8) DEFAULT 'optional' NOT NULL,
    job_title_field VARCHAR(8) DEFAULT 'optional' NOT NULL,
    lists_kept_days INTEGER DEFAULT (90) NOT NULL,
    names_kept_days INTEGER,
    seats_taken INTEGER,
    bot_name VARCHAR(32),
    joining BOOLEAN DEFAULT 0 NOT NULL,
    challenge VARCHAR(8) DEFAULT 'auto' NOT NULL,
    logo VARCHAR(24),
    CONSTRAINT ck_account_one CHECK (id = 1),
    CONSTRAINT ck_account_seats_counted CHECK ((seats IS NULL) = (seats_taken IS NULL)),
    CONSTRAINT ck_account_seats_positive CHECK (seats IS NULL OR seats >= 1),
    CONSTRAINT ck_account_seats_taken CHECK (seats_taken >= 0),
    CONSTRAINT pk_account PRIMARY KEY (id)
)

CREATE TABLE "activation" (
    id INTEGER NOT NULL,
    profile_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    department_id INTEGER NOT NULL,
    form_key VARCHAR(64) NOT NULL,
    at DATETIME NOT NULL,
    link_id INTEGER NOT NULL,
    learner_department_id INTEGER NOT NULL,
    returned_at DATETIME,
    CONSTRAINT fk_activation_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT fk_activation_learner FOREIGN KEY(user_id, learner_department_id) REFERENCES user_account (id, department_id) ON UPDATE CASCADE,
    CONSTRAINT fk_activation_link_id FOREIGN KEY(link_id) REFERENCES link (id),
    CONSTRAINT fk_activation_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT pk_activation PRIMARY KEY (id),
    CONSTRAINT uq_activation_form_key UNIQUE (form_key),
    CONSTRAINT uq_activation_user_id UNIQUE (user_id)
)

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)

CREATE TABLE course (
    id INTEGER NOT NULL,
    title VARCHAR(200) NOT NULL,
    title_key VARCHAR(600) NOT NULL,
    link VARCHAR(2000) NOT NULL,
    days INTEGER,
    description VARCHAR(1000) DEFAULT '' NOT NULL,
    archived_at DATETIME,
    CONSTRAINT ck_course_days_positive CHECK (days IS NULL OR days >= 1),
    CONSTRAINT pk_course PRIMARY KEY (id),
    CONSTRAINT uq_course_title_key UNIQUE (title_key)
)

CREATE TABLE custom_field (
    id INTEGER NOT NULL,
    label VARCHAR(200) NOT NULL,
    label_key VARCHAR(600) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    choices JSON NOT NULL,
    required BOOLEAN NOT NULL,
    at_sign_up BOOLEAN NOT NULL,
    position INTEGER NOT NULL,
    removed_at DATETIME,
    hint VARCHAR(300) DEFAULT '' NOT NULL,
    translations JSON DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_custom_field PRIMARY KEY (id)
)

CREATE TABLE custom_role (
    id INTEGER NOT NULL,
    name VARCHAR(200) NOT NULL,
    name_key VARCHAR(600) NOT NULL,
    permissions JSON NOT NULL,
    CONSTRAINT pk_custom_role PRIMARY KEY (id),
    CONSTRAINT uq_custom_role_name_key UNIQUE (name_key)
)

CREATE TABLE delivery_pause (
    id INTEGER NOT NULL,
    since DATETIME NOT NULL,
    next_probe DATETIME NOT NULL,
    CONSTRAINT ck_delivery_pause_one CHECK (id = 1),
    CONSTRAINT pk_delivery_pause PRIMARY KEY (id)
)

CREATE TABLE "department" (
    id INTEGER NOT NULL,
    parent_id INTEGER,
    name VARCHAR(200) NOT NULL,
    name_key VARCHAR(600) NOT NULL,
    removed_at DATETIME,
    only_expected BOOLEAN DEFAULT 0 NOT NULL,
    CONSTRAINT fk_department_parent_id FOREIGN KEY(parent_id) REFERENCES department (id),
    CONSTRAINT pk_department PRIMARY KEY (id)
)

CREATE TABLE department_tree (
    ancestor_id INTEGER NOT NULL,
    descendant_id INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    CONSTRAINT fk_department_tree_ancestor_id FOREIGN KEY(ancestor_id) REFERENCES department (id) ON DELETE CASCADE,
    CONSTRAINT fk_department_tree_descendant_id FOREIGN KEY(descendant_id) REFERENCES department (id) ON DELETE CASCADE,
    CONSTRAINT pk_department_tree PRIMARY KEY (ancestor_id, descendant_id)
)

CREATE TABLE dialogue (
    user_id INTEGER NOT NULL,
    chat_id BIGINT NOT NULL,
    kind VARCHAR(24) NOT NULL,
    draft_id VARCHAR(24) NOT NULL,
    turn INTEGER NOT NULL,
    message_id BIGINT,
    asked JSON NOT NULL,
    answers JSON NOT NULL,
    active BOOLEAN NOT NULL,
    made BIGINT,
    updated_at DATETIME NOT NULL,
    CONSTRAINT fk_dialogue_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_dialogue PRIMARY KEY (user_id, chat_id)
)

CREATE TABLE "digest" (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    chat_id BIGINT NOT NULL,
    frequency VARCHAR(8),
    at VARCHAR(5),
    day INTEGER,
    next_due DATETIME,
    reported_through BIGINT NOT NULL,
    reported_at DATETIME,
    thread_id BIGINT,
    connected_at DATETIME,
    group_title VARCHAR(255),
    main BOOLEAN DEFAULT 1 NOT NULL,
    department_id INTEGER,
    quiet BOOLEAN DEFAULT 0 NOT NULL,
    removed_at DATETIME,
    picture BOOLEAN DEFAULT 0 NOT NULL,
    spreadsheet BOOLEAN DEFAULT 0 NOT NULL,
    focus INTEGER DEFAULT 0 NOT NULL,
    stopped_at DATETIME,
    lost_chat_id BIGINT,
    lost_thread_id BIGINT,
    lost_title VARCHAR(255),
    CONSTRAINT fk_digest_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT fk_digest_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_digest PRIMARY KEY (id)
)

CREATE TABLE digest_profile (
    digest_id INTEGER NOT NULL,
    profile_id INTEGER NOT NULL,
    CONSTRAINT fk_digest_profile_digest_id FOREIGN KEY(digest_id) REFERENCES digest (id) ON DELETE CASCADE,
    CONSTRAINT fk_digest_profile_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT pk_digest_profile PRIMARY KEY (digest_id, profile_id)
)

CREATE TABLE digest_run (
    id INTEGER NOT NULL,
    digest_id INTEGER NOT NULL,
    due_at DATETIME,
    covers_after BIGINT NOT NULL,
    covers_through BIGINT NOT NULL,
    covers_since DATETIME,
    covers_until DATETIME NOT NULL,
    focus INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT fk_digest_run_digest_id FOREIGN KEY(digest_id) REFERENCES digest (id) ON DELETE CASCADE,
    CONSTRAINT pk_digest_run PRIMARY KEY (id),
    CONSTRAINT uq_digest_run_digest_id_due_at UNIQUE (digest_id, due_at)
)

CREATE TABLE email_change (
    user_id INTEGER NOT NULL,
    email VARCHAR(254) NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT fk_email_change_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_email_change PRIMARY KEY (user_id),
    CONSTRAINT uq_email_change_code_hash UNIQUE (code_hash)
)

CREATE TABLE enrolment (
    user_id INTEGER NOT NULL,
    course_id INTEGER NOT NULL,
    progress VARCHAR(16) NOT NULL,
    enrolled_at DATETIME NOT NULL,
    due_at DATETIME,
    completed_at DATETIME,
    started_at DATETIME,
    CONSTRAINT fk_enrolment_course_id FOREIGN KEY(course_id) REFERENCES course (id),
    CONSTRAINT fk_enrolment_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
    CONSTRAINT pk_enrolment PRIMARY KEY (user_id, course_id)
)

CREATE TABLE enrolment_rule (
    department_id INTEGER NOT NULL,
    course_id INTEGER NOT NULL,
    CONSTRAINT fk_enrolment_rule_course_id FOREIGN KEY(course_id) REFERENCES course (id),
    CONSTRAINT fk_enrolment_rule_department_id FOREIGN KEY(department_id) REFERENCES department (id) ON DELETE CASCADE,
    CONSTRAINT pk_enrolment_rule PRIMARY KEY (department_id, course_id)
)

CREATE TABLE "expected_person" (
    id INTEGER NOT NULL,
    profile_id INTEGER,
    identity VARCHAR(640) NOT NULL,
    first_name VARCHAR(100) NOT NULL,
    last_name VARCHAR(100) NOT NULL,
    email VARCHAR(254),
    phone VARCHAR(32),
    added_at DATETIME NOT NULL,
    tried_at DATETIME,
    tried_field VARCHAR(64),
    department_id INTEGER,
    CONSTRAINT ck_expected_person_of_one CHECK ((profile_id IS NULL) != (department_id IS NULL)),
    CONSTRAINT fk_expected_person_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT fk_expected_person_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT pk_expected_person PRIMARY KEY (id),
    CONSTRAINT uq_expected_person_department_id_identity UNIQUE (department_id, identity),
    CONSTRAINT uq_expected_person_profile_id_identity UNIQUE (profile_id, identity)
)

CREATE TABLE expected_value (
    person_id INTEGER NOT NULL,
    field_id INTEGER NOT NULL,
    unique_key VARCHAR(1000) NOT NULL,
    CONSTRAINT fk_expected_value_field_id FOREIGN KEY(field_id) REFERENCES custom_field (id),
    CONSTRAINT fk_expected_value_person_id FOREIGN KEY(person_id) REFERENCES expected_person (id) ON DELETE CASCADE,
    CONSTRAINT pk_expected_value PRIMARY KEY (person_id, field_id)
)

CREATE TABLE field_value (
    user_id INTEGER NOT NULL,
    field_id INTEGER NOT NULL,
    value VARCHAR(1000) NOT NULL,
    unique_key VARCHAR(1000),
    CONSTRAINT fk_field_value_field_id FOREIGN KEY(field_id) REFERENCES custom_field (id),
    CONSTRAINT fk_field_value_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_field_value PRIMARY KEY (user_id, field_id),
    CONSTRAINT uq_field_value_field_id_unique_key UNIQUE (field_id, unique_key)
)

CREATE TABLE heartbeat (
    part VARCHAR(32) NOT NULL,
    at DATETIME NOT NULL,
    CONSTRAINT pk_heartbeat PRIMARY KEY (part)
)

CREATE TABLE incoming (
    update_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    sender_id BIGINT,
    body JSON NOT NULL,
    state VARCHAR(11) NOT NULL,
    effected BOOLEAN NOT NULL,
    holder VARCHAR(36),
    leased_until DATETIME,
    tries INTEGER NOT NULL,
    received_at DATETIME NOT NULL,
    standing VARCHAR(8) DEFAULT 'known' NOT NULL,
    button VARCHAR(8),
    entries JSON,
    CONSTRAINT pk_incoming PRIMARY KEY (update_id)
)

CREATE TABLE invitation (
    id INTEGER NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    role VARCHAR(32) NOT NULL,
    custom_role_id INTEGER,
    created_by INTEGER NOT NULL,
    expires_at DATETIME NOT NULL,
    used_by INTEGER,
    used_at DATETIME,
    user_id INTEGER CONSTRAINT fk_invitation_user_id REFERENCES user_account (id),
    CONSTRAINT fk_invitation_created_by FOREIGN KEY(created_by) REFERENCES user_account (id),
    CONSTRAINT fk_invitation_custom_role_id FOREIGN KEY(custom_role_id) REFERENCES custom_role (id) ON DELETE CASCADE,
    CONSTRAINT fk_invitation_used_by FOREIGN KEY(used_by) REFERENCES user_account (id),
    CONSTRAINT pk_invitation PRIMARY KEY (id),
    CONSTRAINT uq_invitation_code_hash UNIQUE (code_hash)
)

CREATE TABLE invited_department (
    invitation_id INTEGER NOT NULL,
    department_id INTEGER NOT NULL,
    CONSTRAINT fk_invited_department_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT fk_invited_department_invitation_id FOREIGN KEY(invitation_id) REFERENCES invitation (id) ON DELETE CASCADE,
    CONSTRAINT pk_invited_department PRIMARY KEY (invitation_id, department_id)
)

CREATE TABLE lease (
    name VARCHAR(32) NOT NULL,
    holder VARCHAR(36) NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT pk_lease PRIMARY KEY (name)
)

CREATE TABLE "ledger_entry" (
    id INTEGER NOT NULL,
    profile_id INTEGER NOT NULL,
    kind VARCHAR(8) NOT NULL,
    user_id INTEGER NOT NULL,
    by_id INTEGER,
    reason VARCHAR(300) NOT NULL,
    at DATETIME NOT NULL,
    CONSTRAINT ck_ledger_entry_kind CHECK (kind IN ('reserved', 'released', 'taken', 'returned', 'retaken')),
    CONSTRAINT fk_ledger_entry_by_id FOREIGN KEY(by_id) REFERENCES user_account (id),
    CONSTRAINT fk_ledger_entry_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT fk_ledger_entry_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
    CONSTRAINT pk_ledger_entry PRIMARY KEY (id)
)

CREATE TABLE left_branch (
    ancestor_id INTEGER NOT NULL,
    descendant_id INTEGER NOT NULL,
    since INTEGER NOT NULL,
    through INTEGER,
    CONSTRAINT fk_left_branch_ancestor_id FOREIGN KEY(ancestor_id) REFERENCES department (id) ON DELETE CASCADE,
    CONSTRAINT fk_left_branch_descendant_id FOREIGN KEY(descendant_id) REFERENCES department (id) ON DELETE CASCADE,
    CONSTRAINT pk_left_branch PRIMARY KEY (ancestor_id, descendant_id, since)
)

CREATE TABLE left_out (
    what VARCHAR(32) NOT NULL,
    number BIGINT NOT NULL,
    CONSTRAINT pk_left_out PRIMARY KEY (what)
)

CREATE TABLE limit_use (
    "key" VARCHAR(64) NOT NULL,
    attempts INTEGER NOT NULL,
    opens_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT pk_limit_use PRIMARY KEY ("key")
)

CREATE TABLE link (
    id INTEGER NOT NULL,
    profile_id INTEGER NOT NULL,
    token VARCHAR(64) NOT NULL,
    label VARCHAR(200) NOT NULL,
    label_key VARCHAR(600) NOT NULL,
    replaced_at DATETIME,
    personal BOOLEAN DEFAULT 0 NOT NULL,
    used_at DATETIME,
    failed INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT fk_link_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT pk_link PRIMARY KEY (id),
    CONSTRAINT uq_link_token UNIQUE (token)
)

CREATE TABLE link_mail_day (
    day DATE NOT NULL,
    queued INTEGER NOT NULL,
    CONSTRAINT pk_link_mail_day PRIMARY KEY (day)
)

CREATE TABLE "link_recipient" (
    id INTEGER NOT NULL,
    profile_id INTEGER NOT NULL,
    email VARCHAR(254) NOT NULL,
    first_name VARCHAR(100) NOT NULL,
    last_name VARCHAR(100) NOT NULL,
    added_by INTEGER NOT NULL,
    added_at DATETIME NOT NULL,
    withdrawn_at DATETIME,
    link_id INTEGER,
    CONSTRAINT fk_link_recipient_added_by FOREIGN KEY(added_by) REFERENCES user_account (id),
    CONSTRAINT fk_link_recipient_link_id FOREIGN KEY(link_id) REFERENCES link (id),
    CONSTRAINT fk_link_recipient_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT pk_link_recipient PRIMARY KEY (id),
    CONSTRAINT uq_link_recipient_link_id UNIQUE (link_id),
    CONSTRAINT uq_link_recipient_profile_id_email UNIQUE (profile_id, email)
)

CREATE TABLE live_card (
    id INTEGER NOT NULL,
    profile_id INTEGER NOT NULL,
    by_id INTEGER NOT NULL,
    language VARCHAR(8) NOT NULL,
    inline_message_id VARCHAR(255),
    chat_id BIGINT,
    thread_id BIGINT,
    message_id BIGINT,
    chat_title VARCHAR(255) NOT NULL,
    shown VARCHAR(8) NOT NULL,
    next_at DATETIME NOT NULL,
    stopped BOOLEAN DEFAULT 0 NOT NULL,
    created_at DATETIME NOT NULL,
    ended_at DATETIME,
    CONSTRAINT ck_live_card_one_place CHECK ((inline_message_id IS NULL) <> (chat_id IS NULL)),
    CONSTRAINT fk_live_card_by_id FOREIGN KEY(by_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT fk_live_card_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT pk_live_card PRIMARY KEY (id),
    CONSTRAINT uq_live_card_inline_message_id UNIQUE (inline_message_id)
)

CREATE TABLE logo (
    version VARCHAR(24) NOT NULL,
    content TEXT NOT NULL,
    added_at DATETIME NOT NULL,
    CONSTRAINT pk_logo PRIMARY KEY (version)
)

CREATE TABLE managed_department (
    user_id INTEGER NOT NULL,
    department_id INTEGER NOT NULL,
    CONSTRAINT fk_managed_department_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT fk_managed_department_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_managed_department PRIMARY KEY (user_id, department_id)
)

CREATE TABLE mini_app_visit (
    code_hash VARCHAR(64) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    telegram_id BIGINT NOT NULL,
    first_name VARCHAR(100) NOT NULL,
    last_name VARCHAR(100) NOT NULL,
    may_write BOOLEAN NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT pk_mini_app_visit PRIMARY KEY (code_hash),
    CONSTRAINT uq_mini_app_visit_digest UNIQUE (digest)
)

CREATE TABLE outgoing (
    id INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    user_id INTEGER NOT NULL,
    chat_id BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    state VARCHAR(8) NOT NULL,
    holder VARCHAR(36),
    not_before DATETIME NOT NULL,
    created_at DATETIME NOT NULL,
    ended_at DATETIME,
    thread_id BIGINT,
    repetition INTEGER DEFAULT '0' NOT NULL,
    unknown_since DATETIME,
    grows_in BIGINT,
    changes BIGINT,
    refusal VARCHAR(200),
    CONSTRAINT fk_outgoing_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_outgoing PRIMARY KEY (id)
)

CREATE TABLE "outgoing_mail" (
    id INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    user_id INTEGER,
    address VARCHAR(254) NOT NULL,
    language VARCHAR(16) NOT NULL,
    reference VARCHAR(32) NOT NULL,
    state VARCHAR(8) NOT NULL,
    holder VARCHAR(36),
    not_before DATETIME NOT NULL,
    useless_from DATETIME NOT NULL,
    tries INTEGER NOT NULL,
    repetition INTEGER NOT NULL,
    reason VARCHAR(200),
    created_at DATETIME NOT NULL,
    ended_at DATETIME,
    recipient_id INTEGER,
    reminder_id INTEGER,
    CONSTRAINT fk_outgoing_mail_recipient_id FOREIGN KEY(recipient_id) REFERENCES link_recipient (id) ON DELETE CASCADE,
    CONSTRAINT fk_outgoing_mail_reminder_id FOREIGN KEY(reminder_id) REFERENCES reminder (id) ON DELETE CASCADE,
    CONSTRAINT fk_outgoing_mail_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_outgoing_mail PRIMARY KEY (id)
)

CREATE TABLE password_link (
    code_hash VARCHAR(64) NOT NULL,
    user_id INTEGER NOT NULL,
    made_by INTEGER,
    expires_at DATETIME NOT NULL,
    CONSTRAINT fk_password_link_made_by FOREIGN KEY(made_by) REFERENCES user_account (id),
    CONSTRAINT fk_password_link_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_password_link PRIMARY KEY (code_hash)
)

CREATE TABLE password_request (
    id INTEGER NOT NULL,
    identifier VARCHAR(254) NOT NULL,
    user_id INTEGER,
    announced BOOLEAN NOT NULL,
    asked_at DATETIME NOT NULL,
    CONSTRAINT fk_password_request_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_password_request PRIMARY KEY (id),
    CONSTRAINT uq_password_request_identifier UNIQUE (identifier)
)

CREATE TABLE "pending_sign_up" (
    user_id INTEGER NOT NULL,
    profile_id INTEGER NOT NULL,
    link_id INTEGER NOT NULL,
    form_key VARCHAR(64) NOT NULL,
    code_hash VARCHAR(64),
    needs_approval BOOLEAN NOT NULL,
    expires_at DATETIME NOT NULL,
    created_at DATETIME NOT NULL,
    announced BOOLEAN DEFAULT 1 NOT NULL,
    email VARCHAR(254),
    digits_hash VARCHAR(64),
    declined_at DATETIME,
    declined_by INTEGER,
    CONSTRAINT fk_pending_sign_up_declined_by FOREIGN KEY(declined_by) REFERENCES user_account (id),
    CONSTRAINT fk_pending_sign_up_link_id FOREIGN KEY(link_id) REFERENCES link (id),
    CONSTRAINT fk_pending_sign_up_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT fk_pending_sign_up_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
    CONSTRAINT pk_pending_sign_up PRIMARY KEY (user_id),
    CONSTRAINT uq_pending_sign_up_code_hash UNIQUE (code_hash),
    CONSTRAINT uq_pending_sign_up_form_key UNIQUE (form_key)
)

CREATE TABLE privacy_policy (
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    published_at DATETIME,
    CONSTRAINT pk_privacy_policy PRIMARY KEY (version)
)

CREATE TABLE "profile" (
    id INTEGER NOT NULL,
    name VARCHAR(200) NOT NULL,
    name_key VARCHAR(600) NOT NULL,
    department_id INTEGER NOT NULL,
    starts_at DATETIME NOT NULL,
    ends_at DATETIME NOT NULL,
    activation_limit INTEGER,
    used INTEGER NOT NULL,
    paused BOOLEAN NOT NULL,
    removed_at DATETIME,
    created_by INTEGER NOT NULL,
    created_at DATETIME NOT NULL,
    reserved INTEGER DEFAULT '0' NOT NULL,
    removed_by INTEGER,
    draft_id VARCHAR(24),
    only_expected BOOLEAN DEFAULT 0 NOT NULL,
    CONSTRAINT ck_profile_limit_positive CHECK (activation_limit IS NULL OR activation_limit >= 1),
    CONSTRAINT ck_profile_used_within_limit CHECK (used >= 0 AND (activation_limit IS NULL OR used <= activation_limit)),
    CONSTRAINT ck_profile_used_within_limit CHECK (used >= 0 AND reserved >= 0 AND (activation_limit IS NULL OR used + reserved <= activation_limit)),
    CONSTRAINT ck_profile_window CHECK (starts_at < ends_at),
    CONSTRAINT fk_profile_created_by FOREIGN KEY(created_by) REFERENCES user_account (id),
    CONSTRAINT fk_profile_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT fk_profile_removed_by FOREIGN KEY(removed_by) REFERENCES user_account (id),
    CONSTRAINT pk_profile PRIMARY KEY (id)
)

CREATE TABLE profile_department (
    profile_id INTEGER NOT NULL,
    department_id INTEGER NOT NULL,
    CONSTRAINT fk_profile_department_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT fk_profile_department_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT pk_profile_department PRIMARY KEY (profile_id, department_id)
)

CREATE TABLE question (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    about VARCHAR(24) NOT NULL,
    body JSON NOT NULL,
    asked_at DATETIME NOT NULL,
    answered_at DATETIME,
    CONSTRAINT fk_question_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_question PRIMARY KEY (id)
)

CREATE TABLE raised_alert (
    kind VARCHAR(16) NOT NULL,
    subject_id BIGINT NOT NULL,
    occurrence VARCHAR(32) NOT NULL,
    at DATETIME NOT NULL,
    CONSTRAINT pk_raised_alert PRIMARY KEY (kind, subject_id, occurrence)
)

CREATE TABLE record_entry (
    id INTEGER NOT NULL,
    at DATETIME NOT NULL,
    actor_id INTEGER,
    action VARCHAR(40) NOT NULL,
    subject_id INTEGER,
    subject VARCHAR(500) NOT NULL,
    department_id INTEGER,
    "before" JSON NOT NULL,
    "after" JSON NOT NULL,
    CONSTRAINT fk_record_entry_actor_id FOREIGN KEY(actor_id) REFERENCES user_account (id),
    CONSTRAINT fk_record_entry_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT pk_record_entry PRIMARY KEY (id)
)

CREATE TABLE reminder (
    id INTEGER NOT NULL,
    person_key VARCHAR(64) NOT NULL,
    day DATE NOT NULL,
    occasion VARCHAR(16) NOT NULL,
    user_id INTEGER,
    expected_id INTEGER,
    profile_id INTEGER,
    by_id INTEGER,
    at DATETIME NOT NULL,
    told_on DATE,
    refused BOOLEAN DEFAULT 0 NOT NULL,
    CONSTRAINT fk_reminder_by_id FOREIGN KEY(by_id) REFERENCES user_account (id),
    CONSTRAINT fk_reminder_expected_id FOREIGN KEY(expected_id) REFERENCES expected_person (id) ON DELETE SET NULL,
    CONSTRAINT fk_reminder_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT fk_reminder_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_reminder PRIMARY KEY (id),
    CONSTRAINT uq_reminder_person_key_day UNIQUE (person_key, day),
    CONSTRAINT uq_reminder_user_id_day UNIQUE (user_id, day)
)

CREATE TABLE reminder_code (
    code_hash VARCHAR(64) NOT NULL,
    reminder_id INTEGER NOT NULL,
    CONSTRAINT fk_reminder_code_reminder_id FOREIGN KEY(reminder_id) REFERENCES reminder (id) ON DELETE CASCADE,
    CONSTRAINT pk_reminder_code PRIMARY KEY (code_hash)
)

CREATE TABLE reminder_round (
    day DATE NOT NULL,
    through_profile INTEGER NOT NULL,
    through_user INTEGER NOT NULL,
    ended_at DATETIME,
    through_department INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_reminder_round PRIMARY KEY (day)
)

CREATE TABLE reminder_rule (
    id INTEGER NOT NULL,
    occasion VARCHAR(16) NOT NULL,
    profile_id INTEGER,
    department_id INTEGER,
    days INTEGER NOT NULL,
    is_on BOOLEAN NOT NULL,
    since DATETIME NOT NULL,
    CONSTRAINT ck_reminder_rule_days CHECK (days >= 0),
    CONSTRAINT ck_reminder_rule_place CHECK (profile_id IS NULL OR department_id IS NULL),
    CONSTRAINT fk_reminder_rule_department_id FOREIGN KEY(department_id) REFERENCES department (id) ON DELETE CASCADE,
    CONSTRAINT fk_reminder_rule_profile_id FOREIGN KEY(profile_id) REFERENCES profile (id),
    CONSTRAINT pk_reminder_rule PRIMARY KEY (id),
    CONSTRAINT uq_reminder_rule_occasion_department_id UNIQUE (occasion, department_id),
    CONSTRAINT uq_reminder_rule_occasion_profile_id UNIQUE (occasion, profile_id)
)

CREATE TABLE reminder_stop (
    person_key VARCHAR(64) NOT NULL,
    stopped_at DATETIME NOT NULL,
    CONSTRAINT pk_reminder_stop PRIMARY KEY (person_key)
)

CREATE TABLE repetition (
    user_id INTEGER NOT NULL,
    "key" VARCHAR(64) NOT NULL,
    made BIGINT,
    at DATETIME NOT NULL,
    CONSTRAINT fk_repetition_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_repetition PRIMARY KEY (user_id, "key")
)

CREATE TABLE request_page (
    code_hash VARCHAR(64) NOT NULL,
    request_id INTEGER NOT NULL,
    is_first BOOLEAN NOT NULL,
    CONSTRAINT fk_request_page_request_id FOREIGN KEY(request_id) REFERENCES access_request (id) ON DELETE CASCADE,
    CONSTRAINT pk_request_page PRIMARY KEY (code_hash)
)

CREATE TABLE rush (
    subject VARCHAR(64) NOT NULL,
    until DATETIME NOT NULL,
    CONSTRAINT pk_rush PRIMARY KEY (subject)
)

CREATE TABLE search (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    words VARCHAR(200) NOT NULL,
    at DATETIME NOT NULL,
    CONSTRAINT fk_search_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_search PRIMARY KEY (id),
    CONSTRAINT uq_search_user_id_words UNIQUE (user_id, words)
)

CREATE TABLE silenced_alert (
    kind VARCHAR(16) NOT NULL,
    CONSTRAINT pk_silenced_alert PRIMARY KEY (kind)
)

CREATE TABLE status_page (
    code_hash VARCHAR(64) NOT NULL,
    user_id INTEGER NOT NULL,
    link_id INTEGER NOT NULL,
    mail_in VARCHAR(16),
    expires_at DATETIME NOT NULL,
    CONSTRAINT fk_status_page_link_id FOREIGN KEY(link_id) REFERENCES link (id),
    CONSTRAINT fk_status_page_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_status_page PRIMARY KEY (code_hash)
)

CREATE TABLE telegram_code (
    code_hash VARCHAR(64) NOT NULL,
    user_id INTEGER NOT NULL,
    expires_at DATETIME NOT NULL,
    CONSTRAINT fk_telegram_code_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_telegram_code PRIMARY KEY (code_hash)
)

CREATE TABLE telegram_connection (
    user_id INTEGER NOT NULL,
    telegram_id BIGINT NOT NULL,
    may_write BOOLEAN DEFAULT 0 NOT NULL,
    connected_at DATETIME NOT NULL,
    courses_told_at DATETIME,
    CONSTRAINT fk_telegram_connection_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_telegram_connection PRIMARY KEY (user_id),
    CONSTRAINT uq_telegram_connection_telegram_id UNIQUE (telegram_id)
)

CREATE TABLE "user_account" (
    id INTEGER NOT NULL,
    role VARCHAR(32) NOT NULL,
    department_id INTEGER NOT NULL,
    first_name VARCHAR(100) NOT NULL,
    last_name VARCHAR(100) NOT NULL,
    email VARCHAR(254),
    login VARCHAR(64),
    password_hash VARCHAR(200),
    phone VARCHAR(32) NOT NULL,
    job_title VARCHAR(100) NOT NULL,
    telegram_id BIGINT,
    language VARCHAR(16) NOT NULL,
    created_at DATETIME NOT NULL,
    state VARCHAR(8) NOT NULL,
    custom_role_id INTEGER,
    consent_version INTEGER,
    consent_at DATETIME,
    search_key TEXT DEFAULT '' NOT NULL,
    password_link_at DATETIME,
    deleted_at DATETIME,
    chosen_language VARCHAR(16),
    dark_pictures BOOLEAN DEFAULT 0 NOT NULL,
    CONSTRAINT ck_user_account_custom_role CHECK ((role = 'custom role') = (custom_role_id IS NOT NULL)),
    CONSTRAINT ck_user_account_state CHECK (state IN ('active', 'inactive', 'pending', 'deleted')),
    CONSTRAINT fk_user_account_custom_role_id FOREIGN KEY(custom_role_id) REFERENCES custom_role (id),
    CONSTRAINT fk_user_account_department_id FOREIGN KEY(department_id) REFERENCES department (id),
    CONSTRAINT pk_user_account PRIMARY KEY (id),
    CONSTRAINT uq_user_account_email UNIQUE (email),
    CONSTRAINT uq_user_account_id_department_id UNIQUE (id, department_id),
    CONSTRAINT uq_user_account_login UNIQUE (login),
    CONSTRAINT uq_user_account_telegram_id UNIQUE (telegram_id)
)

CREATE TABLE "web_session" (
    token_hash VARCHAR(64) NOT NULL,
    user_id INTEGER NOT NULL,
    expires_at DATETIME NOT NULL,
    used_at DATETIME NOT NULL,
    device VARCHAR(60) DEFAULT '' NOT NULL,
    CONSTRAINT fk_web_session_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE,
    CONSTRAINT pk_web_session PRIMARY KEY (token_hash)
)

CREATE INDEX ix_access_request_ends ON access_request (state, ends_at)

CREATE INDEX ix_access_request_profile ON access_request (profile_id, state)

CREATE INDEX ix_activation_at ON activation (at, learner_department_id, profile_id)

CREATE INDEX ix_activation_by_department ON activation (profile_id, learner_department_id, id, department_id)

CREATE INDEX ix_activation_by_origin ON activation (profile_id, department_id, learner_department_id)

CREATE INDEX ix_activation_link_id ON activation (link_id)

CREATE INDEX ix_activation_newest_first ON activation (profile_id, id)

CREATE INDEX ix_activation_returned ON activation (profile_id, at) WHERE returned_at IS NOT NULL

CREATE INDEX ix_department_tree_descendant_id ON department_tree (descendant_id)

CREATE INDEX ix_dialogue_updated_at ON dialogue (updated_at)

CREATE INDEX ix_digest_next_due ON digest (next_due)

CREATE INDEX ix_digest_user_id ON digest (user_id)

CREATE INDEX ix_email_change_expires_at ON email_change (expires_at)

CREATE INDEX ix_enrolment_course_id ON enrolment (course_id)

CREATE INDEX ix_enrolment_rule_course_id ON enrolment_rule (course_id)

CREATE INDEX ix_expected_person_email ON expected_person (email)

CREATE INDEX ix_expected_person_identity ON expected_person (identity)

CREATE INDEX ix_expected_person_phone ON expected_person (phone)

CREATE INDEX ix_expected_value_key ON expected_value (field_id, unique_key)

CREATE INDEX ix_incoming_button_of_line ON incoming (line, button)

CREATE INDEX ix_incoming_open_of_line ON incoming (line, update_id) WHERE state IN ('waiting', 'claimed', 'answering')

CREATE INDEX ix_incoming_received_at ON incoming (received_at)

CREATE INDEX ix_incoming_state ON incoming (state, update_id)

CREATE INDEX ix_invited_department_department_id ON invited_department (department_id)

CREATE INDEX ix_ledger_entry_profile ON ledger_entry (profile_id, id)

CREATE INDEX ix_ledger_entry_user ON ledger_entry (user_id)

CREATE INDEX ix_left_branch_descendant_id ON left_branch (descendant_id)

CREATE INDEX ix_limit_use_expires_at ON limit_use (expires_at)

CREATE INDEX ix_link_recipient_email ON link_recipient (email)

CREATE INDEX ix_live_card_by_id ON live_card (by_id)

CREATE INDEX ix_live_card_ended_at ON live_card (ended_at)

CREATE INDEX ix_live_card_shown ON live_card (profile_id, stopped, shown, next_at)

CREATE INDEX ix_managed_department_department_id ON managed_department (department_id)

CREATE INDEX ix_mini_app_visit_expires_at ON mini_app_visit (expires_at)

CREATE INDEX ix_outgoing_due ON outgoing (state, not_before)

CREATE INDEX ix_outgoing_mail_due ON outgoing_mail (state, not_before)

CREATE INDEX ix_outgoing_mail_ended_at ON outgoing_mail (ended_at)

CREATE INDEX ix_outgoing_mail_recipient_id ON outgoing_mail (recipient_id)

CREATE INDEX ix_outgoing_mail_reminder_id ON outgoing_mail (reminder_id)

CREATE INDEX ix_outgoing_mail_user_id ON outgoing_mail (user_id)

CREATE INDEX ix_outgoing_open_of_chat ON outgoing (chat_id, id) WHERE state IN ('waiting', 'claimed', 'sending')

CREATE INDEX ix_outgoing_user_id ON outgoing (user_id)

CREATE INDEX ix_password_link_expires_at ON password_link (expires_at)

CREATE INDEX ix_password_link_user_id ON password_link (user_id)

CREATE INDEX ix_password_request_announced ON password_request (announced)

CREATE INDEX ix_password_request_asked_at ON password_request (asked_at)

CREATE INDEX ix_password_request_user_id ON password_request (user_id)

CREATE INDEX ix_pending_sign_up_declined_at ON pending_sign_up (declined_at)

CREATE INDEX ix_pending_sign_up_expires_at ON pending_sign_up (expires_at)

CREATE INDEX ix_pending_sign_up_profile_id ON pending_sign_up (profile_id)

CREATE INDEX ix_profile_created_by ON profile (created_by)

CREATE INDEX ix_profile_department_department_id ON profile_department (department_id)

CREATE INDEX ix_profile_department_id ON profile (department_id)

CREATE INDEX ix_question_asked_at ON question (asked_at)

CREATE INDEX ix_question_user_id ON question (user_id)

CREATE INDEX ix_record_entry_department ON record_entry (department_id, id)

CREATE INDEX ix_reminder_code_reminder_id ON reminder_code (reminder_id)

CREATE INDEX ix_reminder_day ON reminder (day)

CREATE INDEX ix_reminder_expected_id ON reminder (expected_id)

CREATE INDEX ix_reminder_profile_id ON reminder (profile_id)

CREATE INDEX ix_reminder_told_on ON reminder (told_on) WHERE told_on IS NOT NULL

CREATE INDEX ix_repetition_at ON repetition (at)

CREATE INDEX ix_request_page_request_id ON request_page (request_id)

CREATE INDEX ix_search_at ON search (at)

CREATE INDEX ix_status_page_expires_at ON status_page (expires_at)

CREATE INDEX ix_status_page_user_id ON status_page (user_id)

CREATE INDEX ix_telegram_code_expires_at ON telegram_code (expires_at)

CREATE INDEX ix_telegram_code_user_id ON telegram_code (user_id)

CREATE INDEX ix_user_account_active ON user_account (state) WHERE state = 'active'

CREATE INDEX ix_user_account_deleted_at ON user_account (deleted_at) WHERE deleted_at IS NOT NULL

CREATE INDEX ix_user_account_department ON user_account (department_id, id, state, search_key) WHERE state != 'deleted'

CREATE INDEX ix_user_account_living ON user_account (id, state) WHERE state != 'deleted'

CREATE INDEX ix_user_account_phone ON user_account (phone) WHERE phone != ''

CREATE INDEX ix_web_session_expires_at ON web_session (expires_at)

CREATE INDEX ix_web_session_user_id ON web_session (user_id)

CREATE UNIQUE INDEX uq_access_request_link_id_email ON access_request (link_id, email) WHERE state = 'open'

CREATE UNIQUE INDEX uq_custom_field_label_key ON custom_field (label_key) WHERE removed_at IS NULL

CREATE UNIQUE INDEX uq_department_parent_id_name_key ON department (parent_id, name_key) WHERE removed_at IS NULL

CREATE UNIQUE INDEX uq_digest_user_id ON digest (user_id) WHERE main

CREATE UNIQUE INDEX uq_ledger_entry_once ON ledger_entry (user_id, kind) WHERE kind IN ('reserved', 'released', 'taken')

CREATE UNIQUE INDEX uq_link_profile_id_label_key ON link (profile_id, label_key) WHERE replaced_at IS NULL AND NOT personal

CREATE UNIQUE INDEX uq_live_card_chat_id_profile_id ON live_card (chat_id, profile_id) WHERE ended_at IS NULL

CREATE UNIQUE INDEX uq_profile_draft_id ON profile (draft_id)

CREATE UNIQUE INDEX uq_reminder_rule_occasion ON reminder_rule (occasion) WHERE profile_id IS NULL AND department_id IS NULL

CREATE UNIQUE INDEX uq_user_account_owner ON user_account (role) WHERE role = 'owner'

CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END

CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END

CREATE TRIGGER privacy_policy_no_delete BEFORE DELETE ON privacy_policy BEGIN SELECT RAISE(ABORT, 'privacy_policy is append-only'); END

CREATE TRIGGER privacy_policy_no_update BEFORE UPDATE ON privacy_policy BEGIN SELECT RAISE(ABORT, 'privacy_policy is append-only'); END

CREATE TRIGGER record_entry_no_delete BEFORE DELETE ON record_entry BEGIN SELECT RAISE(ABORT, 'record_entry is append-only'); END

CREATE TRIGGER record_entry_no_update BEFORE UPDATE ON record_entry WHEN NOT (NEW.id IS OLD.id AND NEW.at IS OLD.at AND NEW.actor_id IS OLD.actor_id AND NEW.action IS OLD.action AND NEW.subject_id IS OLD.subject_id AND NEW.department_id IS OLD.department_id AND NEW.subject IS ('#' || OLD.subject_id) AND (NEW."before" = OLD."before" OR NEW."before" = '{}') AND (NEW."after" = OLD."after" OR NEW."after" = '{}')) BEGIN SELECT RAISE(ABORT, 'record_entry is append-only'); END

INSERT INTO account (id, name, zone, sign_up_enabled, secret_key, owner_nonce, seats, strong_passwords, email_confirmation, approval, email_domains, privacy_version, last_name_required, consent_asked, belongs_to, owner_code_expires_at, owner_code_replaces, language, contact, accent, welcome, login_field, phone_field, job_title_field, lists_kept_days, names_kept_days, seats_taken, bot_name, joining, challenge, logo) VALUES (1, NULL, 'UTC', 0, NULL, NULL, NULL, 0, 0, 0, '[]', 0, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'off', 'optional', 'optional', 90, NULL, NULL, NULL, 0, 'auto', NULL)

INSERT INTO alembic_version (version_num) VALUES ('0067')

INSERT INTO department (id, parent_id, name, name_key, removed_at, only_expected) VALUES (1, NULL, '', '', NULL, 0)

INSERT INTO department_tree (ancestor_id, descendant_id, depth) VALUES (1, 1, 0)
