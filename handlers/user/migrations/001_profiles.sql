-- Nicknames are compared byte by byte (COLLATE "C"), so that the unique index also answers "begins with".
create table profiles (
    id uuid primary key,
    nickname text collate "C" not null,
    about text not null default '',
    avatar_url text not null default '',
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now(),
    constraint profiles_nickname_key unique (nickname),
    constraint profiles_nickname_check check (nickname ~ '^[a-z0-9_]{3,20}$'),
    constraint profiles_about_check check (char_length(about) <= 500),
    constraint profiles_avatar_url_check check (char_length(avatar_url) <= 2000)
);

---- create above / drop below ----

drop table profiles;
