//! The statements, once for both engines: each understands `$1`, `ON CONFLICT` and `RETURNING`.

/// The project's row, where it is not there yet.
pub(super) const BEGIN_LEDGER: &str = "INSERT INTO ledgers (project, ledger, size, last_at, events, relayed)
     VALUES ($1, $2, 0, 0, 0, 0) ON CONFLICT (project) DO NOTHING";

/// Removes at most `$3` rows that are older than `$2`.
pub(super) fn sweep(what: super::Swept) -> &'static str {
    use super::Swept;
    match what {
        Swept::Nonces => {
            "DELETE FROM nonces WHERE project = $1 AND hash IN
             (SELECT hash FROM nonces WHERE project = $1 AND expires_at < $2 LIMIT $3)"
        }
        Swept::LinkCodes => {
            "DELETE FROM link_codes WHERE project = $1 AND hash IN
             (SELECT hash FROM link_codes WHERE project = $1 AND expires_at < $2 LIMIT $3)"
        }
        Swept::Requests => {
            "DELETE FROM requests WHERE project = $1 AND (caller, key) IN
             (SELECT caller, key FROM requests WHERE project = $1 AND at < $2 LIMIT $3)"
        }
        Swept::Directives => {
            "DELETE FROM directives WHERE project = $1 AND id IN
             (SELECT id FROM directives WHERE project = $1 AND at < $2 LIMIT $3)"
        }
        Swept::Jobs => {
            "DELETE FROM jobs WHERE project = $1 AND id IN
             (SELECT id FROM jobs WHERE project = $1 AND asked_at < $2 AND state IN ('done', 'failed') LIMIT $3)"
        }
        // From the oldest on, so that what is left has no gap; the newest stays, for those who have heard all.
        Swept::Events => {
            "DELETE FROM outbox WHERE project = $1 AND at < $2 AND id IN
             (SELECT o.id FROM outbox o JOIN ledgers l ON l.project = o.project
             WHERE o.project = $1 AND o.id <= l.relayed AND o.id < l.events ORDER BY o.id LIMIT $3)"
        }
    }
}

/// A [`super::Transaction`] over a transaction of an engine. `NOW`, `LEASE` and `broken_off`, which differ, are the module's
/// that asks.
macro_rules! transaction {
    ($name:ident, $engine:ty) => {
        #[derive(Debug)]
        struct $name {
            inner: sqlx::Transaction<'static, $engine>,
            project: String,
            /// Held while it writes; let go of after `inner` is.
            _turn: Option<Turn>,
        }

        #[async_trait]
        impl Transaction for $name {
            async fn commit(self: Box<Self>) -> Result<(), StoreError> {
                self.inner.commit().await.map_err(broken_off)
            }

            async fn now(&mut self) -> Result<i64, StoreError> {
                Ok(sqlx::query_scalar(NOW).fetch_one(&mut *self.inner).await?)
            }

            async fn ledger(&mut self) -> Result<LedgerRow, StoreError> {
                let sql = "SELECT ledger, size, last_at, events, relayed, branch FROM ledgers WHERE project = $1";
                Ok(sqlx::query_as(sql).bind(&self.project).fetch_one(&mut *self.inner).await?)
            }

            async fn rules(&mut self) -> Result<Option<RulesRow>, StoreError> {
                let sql = "SELECT seq, at, branch, commit_id, digest, document FROM rules WHERE project = $1
                     ORDER BY seq DESC LIMIT 1";
                Ok(sqlx::query_as(sql).bind(&self.project).fetch_optional(&mut *self.inner).await?)
            }

            async fn put_rules(&mut self, rules: &RulesRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO rules (project, seq, at, branch, commit_id, digest, document)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(rules.seq)
                    .bind(rules.at)
                    .bind(&rules.branch)
                    .bind(&rules.commit_id)
                    .bind(&rules.digest)
                    .bind(&rules.document)
                    .execute(&mut *self.inner)
                    .await?;
                let sql = "UPDATE ledgers SET branch = $2 WHERE project = $1";
                sqlx::query(sql).bind(&self.project).bind(&rules.branch).execute(&mut *self.inner).await?;
                Ok(())
            }

            async fn append(&mut self, leaf: &LeafRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO leaves (project, seq, at, act, leaf, hash) VALUES ($1, $2, $3, $4, $5, $6)";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(leaf.seq)
                    .bind(leaf.at)
                    .bind(&leaf.act)
                    .bind(&leaf.leaf)
                    .bind(&leaf.hash)
                    .execute(&mut *self.inner)
                    .await?;
                let sql = "UPDATE ledgers SET size = $2 + 1, last_at = $3 WHERE project = $1 AND size = $2";
                let moved = sqlx::query(sql)
                    .bind(&self.project)
                    .bind(leaf.seq)
                    .bind(leaf.at)
                    .execute(&mut *self.inner)
                    .await?;
                match moved.rows_affected() {
                    1 => Ok(()),
                    _ => Err(StoreError::Unreadable { what: "a ledger", why: "its size is not its length".into() }),
                }
            }

            async fn leaves(&mut self, from: i64, limit: i64) -> Result<Vec<LeafRow>, StoreError> {
                let sql = "SELECT seq, at, act, leaf, hash FROM leaves WHERE project = $1 AND seq >= $2
                     ORDER BY seq LIMIT $3";
                let rows = sqlx::query_as(sql).bind(&self.project).bind(from).bind(limit);
                Ok(rows.fetch_all(&mut *self.inner).await?)
            }

            async fn newest_of(&mut self, act: &str) -> Result<Option<LeafRow>, StoreError> {
                let sql = "SELECT seq, at, act, leaf, hash FROM leaves WHERE project = $1 AND act = $2
                     ORDER BY seq DESC LIMIT 1";
                Ok(sqlx::query_as(sql).bind(&self.project).bind(act).fetch_optional(&mut *self.inner).await?)
            }

            async fn announce(&mut self, event: &EventRow) -> Result<i64, StoreError> {
                let sql = "UPDATE ledgers SET events = events + 1 WHERE project = $1 RETURNING events";
                let id: i64 = sqlx::query_scalar(sql).bind(&self.project).fetch_one(&mut *self.inner).await?;
                let sql = "INSERT INTO outbox (project, id, at, kind, change_id, gate, job, says)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(id)
                    .bind(event.at)
                    .bind(&event.kind)
                    .bind(&event.change_id)
                    .bind(&event.gate)
                    .bind(&event.job)
                    .bind(&event.says)
                    .execute(&mut *self.inner)
                    .await?;
                Ok(id)
            }

            async fn events(&mut self, after: i64, limit: i64) -> Result<Vec<EventRow>, StoreError> {
                let sql = "SELECT id, at, kind, change_id, gate, job, says FROM outbox
                     WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3";
                let rows = sqlx::query_as(sql).bind(&self.project).bind(after).bind(limit);
                Ok(rows.fetch_all(&mut *self.inner).await?)
            }

            async fn relayed(&mut self, up_to: i64) -> Result<(), StoreError> {
                let sql = "UPDATE ledgers SET relayed = $2 WHERE project = $1 AND relayed < $2";
                sqlx::query(sql).bind(&self.project).bind(up_to).execute(&mut *self.inner).await?;
                Ok(())
            }

            async fn put_change(&mut self, change: &ChangeRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO changes (project, id, number, title, requester, opened_at)
                     VALUES ($1, $2, $3, $4, $5, $6)";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(&change.id)
                    .bind(change.number)
                    .bind(&change.title)
                    .bind(&change.requester)
                    .bind(change.opened_at)
                    .execute(&mut *self.inner)
                    .await?;
                Ok(())
            }

            async fn change(&mut self, id: &str) -> Result<Option<ChangeRow>, StoreError> {
                let sql = "SELECT id, number, title, requester, opened_at, held_by, held_reason, held_at, held_until
                     FROM changes WHERE project = $1 AND id = $2";
                Ok(sqlx::query_as(sql).bind(&self.project).bind(id).fetch_optional(&mut *self.inner).await?)
            }

            async fn changes(&mut self) -> Result<Vec<ChangeRow>, StoreError> {
                let sql = "SELECT id, number, title, requester, opened_at, held_by, held_reason, held_at, held_until
                     FROM changes WHERE project = $1 ORDER BY number";
                Ok(sqlx::query_as(sql).bind(&self.project).fetch_all(&mut *self.inner).await?)
            }

            async fn changes_below(&mut self, number: i64, limit: i64) -> Result<Vec<ChangeRow>, StoreError> {
                let sql = "SELECT id, number, title, requester, opened_at, held_by, held_reason, held_at, held_until
                     FROM changes WHERE project = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
                let rows = sqlx::query_as(sql).bind(&self.project).bind(number).bind(limit);
                Ok(rows.fetch_all(&mut *self.inner).await?)
            }

            async fn count_changes(&mut self) -> Result<i64, StoreError> {
                let sql = "SELECT COUNT(*) FROM changes WHERE project = $1";
                Ok(sqlx::query_scalar(sql).bind(&self.project).fetch_one(&mut *self.inner).await?)
            }

            async fn set_hold(&mut self, change: &str, hold: Option<&HoldRow>) -> Result<(), StoreError> {
                let sql = "UPDATE changes SET held_by = $3, held_reason = $4, held_at = $5, held_until = $6
                     WHERE project = $1 AND id = $2";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(change)
                    .bind(hold.map(|hold| hold.by.clone()))
                    .bind(hold.map(|hold| hold.reason.clone()))
                    .bind(hold.map(|hold| hold.at))
                    .bind(hold.and_then(|hold| hold.until))
                    .execute(&mut *self.inner)
                    .await?;
                Ok(())
            }

            async fn put_gate(&mut self, gate: &GateRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO gates (project, change_id, gate, rule, round, opened_at, closes_at, seen)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                     ON CONFLICT (project, change_id, gate) DO UPDATE SET rule = excluded.rule,
                     round = excluded.round, opened_at = excluded.opened_at, closes_at = excluded.closes_at,
                     seen = excluded.seen";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(&gate.change_id)
                    .bind(&gate.gate)
                    .bind(&gate.rule)
                    .bind(gate.round)
                    .bind(gate.opened_at)
                    .bind(gate.closes_at)
                    .bind(&gate.seen)
                    .execute(&mut *self.inner)
                    .await?;
                Ok(())
            }

            async fn every_gate(&mut self) -> Result<Vec<GateRow>, StoreError> {
                let sql = "SELECT change_id, gate, rule, round, opened_at, closes_at, seen FROM gates
                     WHERE project = $1 ORDER BY change_id, gate";
                Ok(sqlx::query_as(sql).bind(&self.project).fetch_all(&mut *self.inner).await?)
            }

            async fn gates(&mut self, change: &str) -> Result<Vec<GateRow>, StoreError> {
                let sql = "SELECT change_id, gate, rule, round, opened_at, closes_at, seen FROM gates
                     WHERE project = $1 AND change_id = $2 ORDER BY gate";
                Ok(sqlx::query_as(sql).bind(&self.project).bind(change).fetch_all(&mut *self.inner).await?)
            }

            async fn set_seen(&mut self, change: &str, gate: &str, digest: &str) -> Result<(), StoreError> {
                let sql = "UPDATE gates SET seen = $4 WHERE project = $1 AND change_id = $2 AND gate = $3";
                let query = sqlx::query(sql).bind(&self.project).bind(change).bind(gate).bind(digest);
                query.execute(&mut *self.inner).await?;
                Ok(())
            }

            async fn put_vote(&mut self, vote: &VoteRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO votes
                     (project, change_id, gate, person, verdict, digest, reason, at, via, own, seq)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                     ON CONFLICT (project, change_id, gate, person) DO UPDATE SET verdict = excluded.verdict,
                     digest = excluded.digest, reason = excluded.reason, at = excluded.at, via = excluded.via,
                     own = excluded.own, seq = excluded.seq";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(&vote.change_id)
                    .bind(&vote.gate)
                    .bind(&vote.person)
                    .bind(&vote.verdict)
                    .bind(&vote.digest)
                    .bind(&vote.reason)
                    .bind(vote.at)
                    .bind(&vote.via)
                    .bind(vote.own)
                    .bind(vote.seq)
                    .execute(&mut *self.inner)
                    .await?;
                Ok(())
            }

            async fn remove_votes(&mut self, change: &str, gate: &str, person: Option<&str>) -> Result<u64, StoreError> {
                let sql = "DELETE FROM votes WHERE project = $1 AND change_id = $2 AND gate = $3
                     AND ($4 IS NULL OR person = $4)";
                let query = sqlx::query(sql).bind(&self.project).bind(change).bind(gate).bind(person);
                Ok(query.execute(&mut *self.inner).await?.rows_affected())
            }

            async fn votes(&mut self, change: &str) -> Result<Vec<VoteRow>, StoreError> {
                let sql = "SELECT change_id, gate, person, verdict, digest, reason, at, via, own, seq FROM votes
                     WHERE project = $1 AND change_id = $2 ORDER BY seq";
                Ok(sqlx::query_as(sql).bind(&self.project).bind(change).fetch_all(&mut *self.inner).await?)
            }

            async fn put_subject(&mut self, digest: &str, document: &str) -> Result<(), StoreError> {
                let sql = "INSERT INTO subjects (project, digest, document) VALUES ($1, $2, $3)
                     ON CONFLICT (project, digest) DO NOTHING";
                let query = sqlx::query(sql).bind(&self.project).bind(digest).bind(document);
                query.execute(&mut *self.inner).await?;
                Ok(())
            }

            async fn subject(&mut self, digest: &str) -> Result<Option<String>, StoreError> {
                let sql = "SELECT document FROM subjects WHERE project = $1 AND digest = $2";
                Ok(sqlx::query_scalar(sql).bind(&self.project).bind(digest).fetch_optional(&mut *self.inner).await?)
            }

            async fn put_text(&mut self, hash: &str, content: &[u8]) -> Result<(), StoreError> {
                let sql = "INSERT INTO texts (project, hash, content) VALUES ($1, $2, $3)
                     ON CONFLICT (project, hash) DO NOTHING";
                let query = sqlx::query(sql).bind(&self.project).bind(hash).bind(content);
                query.execute(&mut *self.inner).await?;
                Ok(())
            }

            async fn text(&mut self, hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
                let sql = "SELECT content FROM texts WHERE project = $1 AND hash = $2";
                Ok(sqlx::query_scalar(sql).bind(&self.project).bind(hash).fetch_optional(&mut *self.inner).await?)
            }

            async fn put_nonce(&mut self, nonce: &NonceRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO nonces (project, hash, person, directive, digest, expires_at)
                     VALUES ($1, $2, $3, $4, $5, $6)";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(&nonce.hash)
                    .bind(&nonce.person)
                    .bind(&nonce.directive)
                    .bind(&nonce.digest)
                    .bind(nonce.expires_at)
                    .execute(&mut *self.inner)
                    .await?;
                Ok(())
            }

            async fn nonce(&mut self, hash: &str) -> Result<Option<NonceRow>, StoreError> {
                let sql = "SELECT hash, person, directive, digest, expires_at, used_at FROM nonces
                     WHERE project = $1 AND hash = $2";
                Ok(sqlx::query_as(sql).bind(&self.project).bind(hash).fetch_optional(&mut *self.inner).await?)
            }

            async fn use_nonce(&mut self, hash: &str, at: i64) -> Result<(), StoreError> {
                let sql = "UPDATE nonces SET used_at = $3 WHERE project = $1 AND hash = $2";
                sqlx::query(sql).bind(&self.project).bind(hash).bind(at).execute(&mut *self.inner).await?;
                Ok(())
            }

            async fn put_request(&mut self, request: &RequestRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO requests (project, caller, key, fingerprint, answer, at)
                     VALUES ($1, $2, $3, $4, $5, $6)";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(&request.caller)
                    .bind(&request.key)
                    .bind(&request.fingerprint)
                    .bind(&request.answer)
                    .bind(request.at)
                    .execute(&mut *self.inner)
                    .await?;
                Ok(())
            }

            async fn request(&mut self, caller: &str, key: &str) -> Result<Option<RequestRow>, StoreError> {
                let sql = "SELECT caller, key, fingerprint, answer, at FROM requests
                     WHERE project = $1 AND caller = $2 AND key = $3";
                let query = sqlx::query_as(sql).bind(&self.project).bind(caller).bind(key);
                Ok(query.fetch_optional(&mut *self.inner).await?)
            }

            async fn put_directive(&mut self, directive: &DirectiveRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO directives (project, id, at, caller, via, canonical, outcome)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(&directive.id)
                    .bind(directive.at)
                    .bind(&directive.caller)
                    .bind(&directive.via)
                    .bind(&directive.canonical)
                    .bind(&directive.outcome)
                    .execute(&mut *self.inner)
                    .await?;
                Ok(())
            }

            async fn put_job(&mut self, job: &JobRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO jobs
                     (project, id, kind, args, state, progress, summary, person, asked_at, attempts)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(&job.id)
                    .bind(&job.kind)
                    .bind(&job.args)
                    .bind(&job.state)
                    .bind(&job.progress)
                    .bind(&job.summary)
                    .bind(&job.person)
                    .bind(job.asked_at)
                    .execute(&mut *self.inner)
                    .await?;
                Ok(())
            }

            async fn job(&mut self, id: &str) -> Result<Option<JobRow>, StoreError> {
                let sql = "SELECT id, kind, args, state, progress, summary, person, asked_at FROM jobs
                     WHERE project = $1 AND id = $2";
                Ok(sqlx::query_as(sql).bind(&self.project).bind(id).fetch_optional(&mut *self.inner).await?)
            }

            async fn jobs_behind(&mut self, asked_at: i64, id: &str, limit: i64) -> Result<Vec<JobRow>, StoreError> {
                let sql = "SELECT id, kind, args, state, progress, summary, person, asked_at FROM jobs
                     WHERE project = $1 AND (asked_at, id) < ($2, $3) ORDER BY asked_at DESC, id DESC LIMIT $4";
                let rows = sqlx::query_as(sql).bind(&self.project).bind(asked_at).bind(id).bind(limit);
                Ok(rows.fetch_all(&mut *self.inner).await?)
            }

            async fn is_waiting(&mut self, kind: &str, now: i64) -> Result<bool, StoreError> {
                let sql = "SELECT count(*) FROM jobs WHERE project = $1 AND kind = $2
                     AND (state = 'queued' OR (state = 'running' AND leased_until <= $3))";
                let query = sqlx::query_scalar(sql).bind(&self.project).bind(kind).bind(now);
                let waiting: i64 = query.fetch_one(&mut *self.inner).await?;
                Ok(waiting > 0)
            }

            async fn lease(
                &mut self,
                kind: &str,
                worker: &str,
                now: i64,
                until: i64,
            ) -> Result<Option<JobRow>, StoreError> {
                let query = sqlx::query_as(LEASE).bind(&self.project).bind(kind).bind(worker).bind(now).bind(until);
                Ok(query.fetch_optional(&mut *self.inner).await?)
            }

            async fn give_up(&mut self, now: i64, attempts: i64, summary: &str) -> Result<Vec<String>, StoreError> {
                let sql = "UPDATE jobs SET state = 'failed', summary = $4, leased_by = NULL, leased_until = NULL
                     WHERE project = $1 AND state = 'running' AND leased_until <= $2 AND attempts >= $3 RETURNING id";
                let query = sqlx::query_scalar(sql).bind(&self.project).bind(now).bind(attempts).bind(summary);
                Ok(query.fetch_all(&mut *self.inner).await?)
            }

            async fn renew(&mut self, id: &str, worker: &str, progress: &str, until: i64) -> Result<bool, StoreError> {
                let sql = "UPDATE jobs SET progress = $4, leased_until = $5
                     WHERE project = $1 AND id = $2 AND leased_by = $3 AND state = 'running'";
                let query = sqlx::query(sql).bind(&self.project).bind(id).bind(worker).bind(progress).bind(until);
                Ok(query.execute(&mut *self.inner).await?.rows_affected() == 1)
            }

            async fn let_go(&mut self, id: &str, worker: &str) -> Result<bool, StoreError> {
                let sql = "UPDATE jobs SET state = 'queued', attempts = attempts - 1, leased_by = NULL, leased_until = NULL
                     WHERE project = $1 AND id = $2 AND leased_by = $3 AND state = 'running'";
                let query = sqlx::query(sql).bind(&self.project).bind(id).bind(worker);
                Ok(query.execute(&mut *self.inner).await?.rows_affected() == 1)
            }

            async fn finish(&mut self, id: &str, worker: &str, state: &str, summary: &str) -> Result<bool, StoreError> {
                let sql = "UPDATE jobs SET state = $4, summary = $5, leased_by = NULL, leased_until = NULL
                     WHERE project = $1 AND id = $2 AND leased_by = $3 AND state = 'running'";
                let query = sqlx::query(sql).bind(&self.project).bind(id).bind(worker).bind(state).bind(summary);
                Ok(query.execute(&mut *self.inner).await?.rows_affected() == 1)
            }

            async fn put_token(&mut self, token: &TokenRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO tokens (project, hash, kind, subject, made_at, expires_at)
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (project, hash) DO NOTHING";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(&token.hash)
                    .bind(&token.kind)
                    .bind(&token.subject)
                    .bind(token.made_at)
                    .bind(token.expires_at)
                    .execute(&mut *self.inner)
                    .await?;
                Ok(())
            }

            async fn token(&mut self, hash: &str) -> Result<Option<TokenRow>, StoreError> {
                let sql = "SELECT hash, kind, subject, made_at, expires_at, revoked_at FROM tokens
                     WHERE project = $1 AND hash = $2";
                Ok(sqlx::query_as(sql).bind(&self.project).bind(hash).fetch_optional(&mut *self.inner).await?)
            }

            async fn tokens(&mut self) -> Result<Vec<TokenRow>, StoreError> {
                let sql = "SELECT hash, kind, subject, made_at, expires_at, revoked_at FROM tokens
                     WHERE project = $1 ORDER BY made_at, hash";
                Ok(sqlx::query_as(sql).bind(&self.project).fetch_all(&mut *self.inner).await?)
            }

            async fn revoke_token(&mut self, hash: &str, at: i64) -> Result<(), StoreError> {
                let sql = "UPDATE tokens SET revoked_at = $3 WHERE project = $1 AND hash = $2";
                sqlx::query(sql).bind(&self.project).bind(hash).bind(at).execute(&mut *self.inner).await?;
                Ok(())
            }

            async fn put_account(&mut self, account: &AccountRow) -> Result<(), StoreError> {
                let sql = "INSERT INTO accounts (project, platform, space, account, person, linked_at)
                     VALUES ($1, $2, $3, $4, $5, $6)
                     ON CONFLICT (project, platform, space, account)
                     DO UPDATE SET person = excluded.person, linked_at = excluded.linked_at";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(&account.platform)
                    .bind(&account.space)
                    .bind(&account.account)
                    .bind(&account.person)
                    .bind(account.linked_at)
                    .execute(&mut *self.inner)
                    .await?;
                Ok(())
            }

            async fn account(
                &mut self,
                platform: &str,
                space: &str,
                account: &str,
            ) -> Result<Option<AccountRow>, StoreError> {
                let sql = "SELECT platform, space, account, person, linked_at FROM accounts
                     WHERE project = $1 AND platform = $2 AND space = $3 AND account = $4";
                let query = sqlx::query_as(sql).bind(&self.project).bind(platform).bind(space).bind(account);
                Ok(query.fetch_optional(&mut *self.inner).await?)
            }

            async fn accounts(&mut self) -> Result<Vec<AccountRow>, StoreError> {
                let sql = "SELECT platform, space, account, person, linked_at FROM accounts
                     WHERE project = $1 ORDER BY linked_at, platform, space, account";
                Ok(sqlx::query_as(sql).bind(&self.project).fetch_all(&mut *self.inner).await?)
            }

            async fn remove_account(&mut self, platform: &str, space: &str, account: &str) -> Result<(), StoreError> {
                let sql = "DELETE FROM accounts WHERE project = $1 AND platform = $2 AND space = $3 AND account = $4";
                let query = sqlx::query(sql).bind(&self.project).bind(platform).bind(space).bind(account);
                query.execute(&mut *self.inner).await?;
                Ok(())
            }

            async fn put_link_code(&mut self, code: &LinkCodeRow) -> Result<(), StoreError> {
                let sql = "DELETE FROM link_codes WHERE project = $1 AND platform = $2 AND space = $3 AND account = $4
                     AND used_at IS NULL AND hash NOT IN (SELECT hash FROM link_codes WHERE project = $1
                         AND platform = $2 AND space = $3 AND account = $4 AND used_at IS NULL
                         ORDER BY expires_at DESC, hash LIMIT 2)";
                let old = sqlx::query(sql).bind(&self.project).bind(&code.platform).bind(&code.space);
                old.bind(&code.account).execute(&mut *self.inner).await?;
                let sql = "INSERT INTO link_codes (project, hash, platform, space, account, name, expires_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)";
                sqlx::query(sql)
                    .bind(&self.project)
                    .bind(&code.hash)
                    .bind(&code.platform)
                    .bind(&code.space)
                    .bind(&code.account)
                    .bind(&code.name)
                    .bind(code.expires_at)
                    .execute(&mut *self.inner)
                    .await?;
                Ok(())
            }

            async fn link_code(&mut self, hash: &str) -> Result<Option<LinkCodeRow>, StoreError> {
                let sql = "SELECT hash, platform, space, account, name, expires_at, used_at FROM link_codes
                     WHERE project = $1 AND hash = $2";
                Ok(sqlx::query_as(sql).bind(&self.project).bind(hash).fetch_optional(&mut *self.inner).await?)
            }

            async fn use_link_code(&mut self, hash: &str, at: i64) -> Result<(), StoreError> {
                let sql = "UPDATE link_codes SET used_at = $3 WHERE project = $1 AND hash = $2";
                sqlx::query(sql).bind(&self.project).bind(hash).bind(at).execute(&mut *self.inner).await?;
                Ok(())
            }

            async fn sweep(&mut self, what: Swept, before: i64, limit: i64) -> Result<u64, StoreError> {
                let query = sqlx::query(sweep(what)).bind(&self.project).bind(before).bind(limit);
                Ok(query.execute(&mut *self.inner).await?.rows_affected())
            }
        }
    };
}

pub(super) use transaction;
