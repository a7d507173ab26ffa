//! Parameters that play: they move once a frame until they are told to stop.

use leptos::prelude::*;

use crate::labs::play::{Player, Speed};
use crate::web::components::{Options, Select, now_ms};
use crate::web::state::{Labs, use_labs};

/// Nothing plays yet; what is made to play moves the network's parameters.
pub(super) fn player() -> RwSignal<Player> {
    let labs = use_labs();
    let playing = RwSignal::new(Player::default());
    let is_playing = Memo::new(move |_| playing.read().is_playing());
    let generation = StoredValue::new(0_u32);
    Effect::new(move || {
        if is_playing.get() {
            let mine = generation.get_value().wrapping_add(1);
            generation.set_value(mine);
            step(labs, playing, generation, mine);
        }
    });
    playing
}

/// One frame. A newer start ends the frames of those before.
fn step(labs: Labs, playing: RwSignal<Player>, generation: StoredValue<u32>, mine: u32) {
    if generation.try_get_value() != Some(mine) {
        return;
    }
    let Some(values) = playing.try_with_untracked(|playing| playing.values(now_ms())) else { return };
    if values.is_empty() {
        return;
    }
    labs.function.update(|lab| values.into_iter().for_each(|(place, value)| lab.network.set(place, value)));
    request_animation_frame(move || step(labs, playing, generation, mine));
}

/// What plays, how fast, and a way to stop it: in sight for as long as something does.
#[component]
pub(super) fn Playing(playing: RwSignal<Player>) -> impl IntoView {
    let is_playing = Memo::new(move |_| playing.read().is_playing());
    let speed = Memo::new(move |_| playing.read().speed());
    let names = move || playing.read().places().map(|place| place.symbol()).collect::<Vec<_>>().join(" and ");
    let speeds: Options<Speed> =
        Speed::ALL.map(|speed| (speed, speed.word().to_owned(), speed.title().to_owned())).into();
    let speeds = StoredValue::new(speeds);
    move || {
        is_playing.get().then(|| {
            view! {
                <div class="playing" data-testid="playing">
                    <span>{names}</span>
                    <Select testid="play-speed" label="Speed" options=speeds.get_value() value=speed set=move |speed| playing.update(|playing| playing.set_speed(speed, now_ms()))/>
                    <button type="button" class="quiet" data-testid="play-stop" on:click=move |_| playing.update(Player::stop)>"Stop"</button>
                </div>
            }
        })
    }
}
