//! The steps of `test/scenario.md`.

mod life;
mod listing;
mod refusing;
mod repeating;
mod searching;
mod writing;

use crate::expect::Step;
use crate::play::Play;

pub const STEPS: u32 = 31;

/// Plays one step, from 1 on.
pub async fn play_step(number: u32, play: &Play) -> Step {
    match number {
        1 => writing::writes(play).await,
        2 => writing::reads_back(play).await,
        3 => writing::writes_again(play).await,
        4 => writing::upserts(play).await,
        5 => writing::never_twice(play).await,
        6 => writing::only_if_there(play).await,
        7 => writing::compares_and_sets(play).await,
        8 => writing::conflicts(play).await,
        9 => life::deletes(play).await,
        10 => life::restores(play).await,
        11 => life::revives(play).await,
        12 => life::expires(play).await,
        13 => life::expired_before_it_began(play).await,
        14 => repeating::idempotent(play).await,
        15 => repeating::request_id_reused(play).await,
        16 => repeating::lost_answer(play).await,
        17 => repeating::never_repeated(play).await,
        18 => repeating::reads_again(play).await,
        19 => searching::batch(play).await,
        20 => searching::search(play).await,
        21 => searching::stops_early(play).await,
        22 => searching::cancels(play).await,
        23 => searching::deadline(play).await,
        24 => refusing::who_are_you(play).await,
        25 => refusing::forbidden(play).await,
        26 => refusing::not_found_not_valid(play).await,
        27 => refusing::unicode(play).await,
        28 => listing::paging(play).await,
        29 => listing::filters(play).await,
        30 => life::history_and_purge(play).await,
        31 => repeating::at_once(play).await,
        other => Err(format!("there is no step {other}")),
    }
}
