-- What to do and whom to ring, by kind and level of an alert: the pages of the commune's playbook, for screens and messages.
set search_path = phusa, public;

-- Reference, from infra/commune/playbook. `address` is where the page is read.
create table playbook (kind text not null, level int not null, title text not null, title_en text not null, markdown text not null,
  address text not null, primary key (kind, level));
