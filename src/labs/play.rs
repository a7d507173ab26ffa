//! Parameters that go to and fro by themselves, one or two at once.

use super::parameters::{Place, SLIDER};
use crate::piecewise::Decimal;

/// From one end of a slider to the other, at the usual speed.
const SWEEP_MS: f64 = 5_000.0;
/// The second parameter takes so much longer, so that the two never fall into step.
const SECOND: f64 = 1.618_033_988_749_895;
/// Most that play at once.
const MOST: usize = 2;
/// Digits after the point.
const PLACES: u32 = 2;

/// How fast they go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// Half as fast.
    Half,
    /// Five seconds from end to end.
    #[default]
    Usual,
    /// Twice as fast.
    Double,
}

impl Speed {
    /// All of them, slowest first.
    pub const ALL: [Self; 3] = [Self::Half, Self::Usual, Self::Double];

    /// In test hooks.
    pub fn word(self) -> &'static str {
        match self {
            Self::Half => "half",
            Self::Usual => "usual",
            Self::Double => "double",
        }
    }

    /// On screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::Half => "½×",
            Self::Usual => "1×",
            Self::Double => "2×",
        }
    }

    fn factor(self) -> f64 {
        match self {
            Self::Half => 0.5,
            Self::Usual => 1.0,
            Self::Double => 2.0,
        }
    }
}

/// One parameter's way.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sweep {
    place: Place,
    /// Where it was at the start: 0 at the low end, 1 at the high one, on to 2 on the way back.
    turn: f64,
    /// How much longer than usual it takes.
    slowness: f64,
}

/// What plays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Player {
    sweeps: Vec<Sweep>,
    speed: Speed,
    /// When the sweeps were where their turns say.
    since_ms: f64,
}

impl Player {
    /// Whether anything plays.
    pub fn is_playing(&self) -> bool {
        !self.sweeps.is_empty()
    }

    /// Whether a parameter does.
    pub fn plays(&self, place: Place) -> bool {
        self.sweeps.iter().any(|sweep| sweep.place == place)
    }

    /// Those that play, the first first.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.sweeps.iter().map(|sweep| sweep.place)
    }

    /// How fast.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// Starts a parameter from its value, or stops it. Of more than two, the one that plays longest stops.
    pub fn toggle(&mut self, place: Place, value: Decimal, now_ms: f64) {
        self.settle(now_ms);
        if self.plays(place) {
            self.sweeps.retain(|sweep| sweep.place != place);
            return;
        }
        if self.sweeps.len() == MOST {
            self.sweeps.remove(0);
        }
        let is_first = self.sweeps.iter().all(|sweep| sweep.slowness != 1.0);
        let turn = ((value.to_f64() - low()) / (high() - low())).clamp(0.0, 1.0);
        self.sweeps.push(Sweep { place, turn, slowness: if is_first { 1.0 } else { SECOND } });
    }

    /// Plays faster or slower from here.
    pub fn set_speed(&mut self, speed: Speed, now_ms: f64) {
        self.settle(now_ms);
        self.speed = speed;
    }

    /// Stops all.
    pub fn stop(&mut self) {
        self.sweeps.clear();
    }

    /// The values at a time.
    pub fn values(&self, now_ms: f64) -> Vec<(Place, Decimal)> {
        let value = |sweep: &Sweep| {
            let turn = self.turn(sweep, now_ms);
            let share = if turn < 1.0 { turn } else { 2.0 - turn };
            Some((sweep.place, Decimal::round(low() + (high() - low()) * share, PLACES)?))
        };
        self.sweeps.iter().filter_map(value).collect()
    }

    fn turn(&self, sweep: &Sweep, now_ms: f64) -> f64 {
        let turns = (now_ms - self.since_ms) / (SWEEP_MS * sweep.slowness) * self.speed.factor();
        (sweep.turn + turns).rem_euclid(2.0)
    }

    /// What changes from here on begins where all are now.
    fn settle(&mut self, now_ms: f64) {
        let turns: Vec<f64> = self.sweeps.iter().map(|sweep| self.turn(sweep, now_ms)).collect();
        self.sweeps.iter_mut().zip(turns).for_each(|(sweep, turn)| sweep.turn = turn);
        self.since_ms = now_ms;
    }
}

fn low() -> f64 {
    f64::from(SLIDER.0)
}

fn high() -> f64 {
    f64::from(SLIDER.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(row: usize) -> Place {
        Place { layer: 0, row, column: None }
    }

    fn number(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    fn values(player: &Player, now_ms: f64) -> Vec<f64> {
        player.values(now_ms).into_iter().map(|(_, value)| value.to_f64()).collect()
    }

    #[test]
    fn a_parameter_goes_from_its_value_to_the_end_and_back() {
        let mut player = Player::default();
        player.toggle(place(0), number("3"), 100.0);
        let at: Vec<f64> = [100.0, 600.0, 1100.0, 2100.0, 7100.0].map(|ms| values(&player, ms)[0]).to_vec();
        assert_eq!(at, [3.0, 4.0, 5.0, 3.0, -3.0]);
        player.toggle(place(0), number("0"), 7100.0);
        assert!(!player.is_playing() && values(&player, 8000.0).is_empty());
    }

    #[test]
    fn a_change_of_speed_jumps_nowhere() {
        let mut player = Player::default();
        player.toggle(place(0), number("-5"), 0.0);
        player.set_speed(Speed::Double, 1000.0);
        assert_eq!([1000.0, 1500.0].map(|ms| values(&player, ms)[0]), [-3.0, -1.0]);
        player.set_speed(Speed::Half, 1500.0);
        assert_eq!(values(&player, 2500.0), [0.0]);
    }

    #[test]
    fn two_play_at_once_and_a_third_takes_the_place_of_the_first() {
        let mut player = Player::default();
        for row in 0..2 {
            player.toggle(place(row), number("-5"), 0.0);
        }
        let [first, second] = values(&player, 1000.0)[..] else { panic!("two") };
        assert_eq!(first, -3.0);
        assert!(-5.0 < second && second < first, "the second is slower: {second}");
        player.toggle(place(2), number("0"), 1000.0);
        assert_eq!(player.places().collect::<Vec<_>>(), [place(1), place(2)]);
        // The one that went on is where it was, and the new one is the fast one.
        assert_eq!(values(&player, 1000.0), [second, 0.0]);
        assert_eq!(values(&player, 1500.0)[1], 1.0);
        player.stop();
        assert!(!player.is_playing());
    }
}
