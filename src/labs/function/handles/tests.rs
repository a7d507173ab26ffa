use super::*;
use crate::labs::handles::Pull;
use crate::labs::parameters::Parameters;

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn pieces(lab: &NetworkLab) -> Pieces {
    lab.answers().relu().expect("a ReLU network").pieces.clone()
}

fn all(lab: &NetworkLab) -> Vec<Handle<Grip>> {
    handles(lab, &pieces(lab), (-5.0, 5.0))
}

fn find(lab: &NetworkLab, id: &str) -> Handle<Grip> {
    all(lab).into_iter().find(|handle| handle.id == id).unwrap_or_else(|| panic!("no handle {id}"))
}

fn to(x: f64, y: f64, direction: Direction) -> Pull {
    Pull::To { at: (x, y), direction, places: (1, 1) }
}

fn kinks(lab: &NetworkLab) -> Vec<Rational> {
    pieces(lab).kinks().iter().map(|kink| kink.x.clone()).collect()
}

/// Parameters that differ.
fn changed(a: &NetworkLab, b: &NetworkLab) -> Vec<Place> {
    let places = a.parameters().places();
    places.into_iter().filter(|&place| a.parameters().get(place) != b.parameters().get(place)).collect()
}

/// A hat, cut off by a second layer: its neurons bend twice each.
fn deep() -> NetworkLab {
    NetworkLab::of(Parameters::of(
        1,
        &[(&[&[1], &[1], &[1]], &[3, 0, -3]), (&[&[1, -2, 1], &[1, 0, 0]], &[-1, -7]), (&[&[2, 1]], &[0])],
    ))
}

#[test]
fn a_dragged_bend_lands_exactly_where_the_hand_is() {
    let mut lab = NetworkLab::default();
    lab.set(Place { layer: 0, row: 1, column: Some(0) }, decimal("-0.3"));
    let handle = find(&lab, "kink-1");
    for (x, exact) in [(0.1, "0.1"), (-2.7, "-2.7"), (0.04, "0"), (4.9, "4.9")] {
        let after = pulled(&lab, &handle.grip, &to(x, 9.0, Direction::Across)).expect("it can");
        assert_eq!(bend(&after, 1), Some(decimal(exact).to_rational()));
        assert!(kinks(&after).contains(&decimal(exact).to_rational()), "f bends at {exact}");
        assert_eq!(changed(&lab, &after), [bias(0, 1)], "nothing but the bias has moved");
        assert_eq!(handle.changes[0], (Direction::Across, bias(0, 1)), "which is what the handle says");
        let typed = after.parameters().get(bias(0, 1)).expect("there").places();
        assert!(typed.is_some_and(|places| places <= 2), "a decimal stays one");
    }
}

#[test]
fn a_bend_pulled_up_turns_the_graph_beyond_it_and_stays() {
    let lab = NetworkLab::default();
    let handle = find(&lab, "kink-0");
    let slope = |lab: &NetworkLab| pieces(lab).piece_at(&decimal("-1").to_rational()).slope.clone();
    // One unit of x beyond the bend the graph goes with the pointer.
    let after = pulled(&lab, &handle.grip, &to(3.0, handle.at.1 + 0.7, Direction::Up)).expect("it can");
    assert_eq!(bend(&after, 0), bend(&lab, 0));
    assert_eq!(slope(&after) - slope(&lab), decimal("0.7").to_rational());
    assert_eq!(changed(&lab, &after), [handle.changes[1].1]);
    let key = pulled(&lab, &handle.grip, &Pull::Step { right: 0, up: -1, places: 2 }).expect("it can");
    assert_eq!(slope(&key) - slope(&lab), decimal("-0.01").to_rational());
}

#[test]
fn a_deeper_kink_lands_exactly_where_the_hand_is() {
    let lab = deep();
    assert_eq!(kinks(&lab).iter().map(to_f64).collect::<Vec<_>>(), [-2.0, 0.0, 2.0, 4.0]);
    for (id, x) in [("kink-1-0-0", "-1.3"), ("kink-1-0-1", "0.6"), ("kink-1-1-0", "-0.2"), ("kink-1-1-0", "4.8")] {
        let handle = find(&lab, id);
        let after = pulled(&lab, &handle.grip, &to(decimal(x).to_f64(), 0.0, Direction::Across)).expect("it can");
        assert!(kinks(&after).contains(&decimal(x).to_rational()), "{id} to {x}: {:?}", kinks(&after));
        assert_eq!(changed(&lab, &after), [handle.changes[0].1]);
        let there = find(&after, id);
        let is_it = |grip: &Grip| matches!(grip, Grip::Bend { x: at, .. } if *at == decimal(x).to_rational());
        assert!(is_it(&there.grip) || is_it(&find(&after, "kink-1-0-0").grip), "the handle is there, too");
    }
}

#[test]
fn what_the_network_cannot_do_is_said() {
    let lab = deep();
    let pull = |id: &str, x: f64| pulled(&lab, &find(&lab, id).grip, &to(x, 0.0, Direction::Across));
    // The first neuron of layer 2 is a hat: it turns at 0 and is flat beyond -3 and 3.
    assert_eq!(pull("kink-1-0-0", 0.0), Err(HandleError::Turns));
    assert_eq!(pull("kink-1-0-0", 4.0), Err(HandleError::Flat));
    let mut closed = deep();
    closed.set_hidden(&[3, 2, 1]);
    closed.set(Place { layer: 2, row: 0, column: Some(1) }, Decimal::from(1));
    closed.set(bias(2, 0), Decimal::from(-3));
    // What the last neuron takes is 0 at -2.5, and it opens at 3 only.
    let grip = Grip::Bend { layer: 1, neuron: 0, x: decimal("-2").to_rational() };
    assert_eq!(pulled(&closed, &grip, &to(-2.5, 0.0, Direction::Across)), Err(HandleError::Closed));
    let mut off = deep();
    off.biases = false;
    assert_eq!(pulled(&off, &grip, &to(1.0, 0.0, Direction::Across)), Err(HandleError::NoBiases));
    assert_eq!(pulled(&off, &Grip::Lift { x: 0.into() }, &to(0.0, 1.0, Direction::Up)), Err(HandleError::NoLift));
    let end = Grip::End { x: 5.into(), neuron: None };
    assert_eq!(pulled(&lab, &end, &to(5.0, 1.0, Direction::Up)), Err(HandleError::AllOff));
    let mut steep = NetworkLab::default();
    steep.set(Place { layer: 0, row: 1, column: Some(0) }, Decimal::from(5));
    let far = to(1e6, 0.0, Direction::Across);
    assert_eq!(pulled(&steep, &find(&steep, "kink-1").grip, &far), Err(HandleError::Beyond));
}

#[test]
fn an_end_goes_with_the_pointer_and_turns_only_the_last_stretch() {
    let lab = NetworkLab::default();
    let handle = find(&lab, "end-right");
    let after = pulled(&lab, &handle.grip, &to(5.0, handle.at.1 + 2.0, Direction::Up)).expect("it can");
    let moved = all(&after).into_iter().find(|handle| handle.id == "end-right").expect("there").at.1;
    assert!((moved - handle.at.1 - 2.0).abs() <= 0.1, "{moved}");
    assert_eq!(changed(&lab, &after), [handle.changes[0].1]);
    // Left of the last kink on that side nothing has changed.
    let at = |lab: &NetworkLab, x: &str| lab.net().eval(&decimal(x).to_rational());
    assert_eq!(at(&lab, "0.5"), at(&after, "0.5"));
    // All neurons are off here: the handle says so when it is pulled.
    let flat = NetworkLab::of(Parameters::of(1, &[(&[&[1]], &[0]), (&[&[1]], &[0])]));
    let left = find(&flat, "end-left");
    assert!(left.changes.is_empty());
    assert_eq!(pulled(&flat, &left.grip, &to(-5.0, 1.0, Direction::Up)), Err(HandleError::AllOff));
}

#[test]
fn all_of_f_is_lifted_by_the_last_bias_and_held_clear_of_the_kinks() {
    let lab = NetworkLab::default();
    let handle = find(&lab, "lift");
    let after = pulled(&lab, &handle.grip, &to(0.0, handle.at.1 - 1.3, Direction::Up)).expect("it can");
    assert_eq!(changed(&lab, &after), [bias(1, 0)]);
    let difference = |x: i32| {
        let x = Decimal::from(x).to_rational();
        lab.net().eval(&x) - after.net().eval(&x)
    };
    assert_eq!([difference(-4), difference(3)], [decimal("1.3").to_rational(), decimal("1.3").to_rational()]);
    let hero = crate::labs::home::hero();
    let lift = find(&hero, "lift").at.0;
    assert!([-2.0, 0.0, 2.0].iter().all(|kink: &f64| (kink - lift).abs() > 0.5), "{lift}");
}

#[test]
fn many_deeper_kinks_do_not_clutter() {
    let lab = NetworkLab::of(crate::labs::function::network::random(&[16, 16, 16], 4));
    let deep = all(&lab).iter().filter(|handle| handle.look == Look::Deep).count();
    assert!(deep <= MOST_DEEP);
    assert!(kinks(&lab).len() > MOST_DEEP, "{}", kinks(&lab).len());
    let ids: std::collections::HashSet<_> = all(&lab).into_iter().map(|handle| handle.id).collect();
    assert_eq!(ids.len(), all(&lab).len(), "every handle has its own name");
}

#[test]
fn other_views_and_smooth_networks_have_no_handles() {
    let mut lab = NetworkLab::default();
    let decided = pieces(&lab);
    lab.view = View::Derivative;
    assert_eq!(handles(&lab, &decided, (-5.0, 5.0)), []);
    lab.view = View::Output;
    lab.activation = Activation::Tanh;
    assert_eq!(handles(&lab, &decided, (-5.0, 5.0)), []);
}
