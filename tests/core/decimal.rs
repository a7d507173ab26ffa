use piecewise::data::{Purpose, rng};
use piecewise::labs::parameters::Steps;
use piecewise::piecewise::{Decimal, DecimalError, Rational, to_f64};
use rand::RngExt;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn parse(text: &str) -> Result<String, DecimalError> {
    text.parse::<Decimal>().map(|decimal| decimal.to_string())
}

#[test]
fn what_people_type_is_understood() {
    for (typed, shown) in [
        ("0", "0"),
        ("-0", "0"),
        ("-0.0", "0"),
        (" 1.50 ", "1.5"),
        (".5", "0.5"),
        ("-.25", "-0.25"),
        ("3.", "3"),
        ("+2", "2"),
        ("−1,5", "-1.5"),
        ("1e-9", "0.000000001"),
        ("-1E-9", "-0.000000001"),
        ("12e3", "12000"),
        ("0.1e1", "1"),
        ("1000000", "1000000"),
        ("0000000000000000000001.1000000000000000000000", "1.1"),
        ("123456.789012345678", "123456.789012345678"),
        ("0e99999", "0"),
        ("1/6", "1/6"),
        ("−82/29", "-82/29"),
        (" +2 / 4 ", "1/2"),
        ("-6/3", "-2"),
        ("0/7", "0"),
        ("-0/7", "0"),
        ("3⁄9", "1/3"),
        ("½", "1/2"),
        ("−⅚", "-5/6"),
        ("477601/306112", "477601/306112"),
        ("007/0010", "7/10"),
        ("1000000000000000000/1000000000000", "1000000"),
        ("999999999999999999/1000000000000", "999999999999999999/1000000000000"),
    ] {
        assert_eq!(parse(typed).as_deref(), Ok(shown), "{typed}");
    }
}

#[test]
fn what_is_no_number_is_refused_with_a_reason() {
    assert_eq!(parse("  "), Err(DecimalError::Empty));
    for typed in ["NaN", "inf", "-", ".", "1.2.3", "1e", "e5", "0x1", "1-1", "--1", "1e5.0", "٣", "1 000", "1½", "²"]
    {
        assert!(matches!(parse(typed), Err(DecimalError::NotANumber(_))), "{typed}");
    }
    for typed in ["1000000.1", "1e7", "1e300", "-1e2000000000", "99999999999999999999999"] {
        assert!(matches!(parse(typed), Err(DecimalError::TooLarge(_) | DecimalError::NotANumber(_))), "{typed}");
    }
    for typed in ["1/", "/2", "/", "1/2/3", "1.5/2", "1/-2", "--1/2", "1/2e1", "1/x", "½½/1", "½/2", "-/3"] {
        let refused = parse(typed);
        assert!(
            matches!(refused, Err(DecimalError::NotAFraction(_) | DecimalError::NotANumber(_))),
            "{typed}: {refused:?}"
        );
    }
    for typed in ["1/0", "0/0", "-5/000"] {
        assert!(matches!(parse(typed), Err(DecimalError::DividesByZero(_))), "{typed}");
    }
    for typed in ["1/1000000000001", "1/9999999999999999999999999"] {
        assert!(matches!(parse(typed), Err(DecimalError::LongDenominator(_))), "{typed}");
    }
    for typed in ["1000001/1", "-2000001/2", "99999999999999999999999/7", "9223372036854775808/1"] {
        assert!(matches!(parse(typed), Err(DecimalError::TooLarge(_))), "{typed}");
    }
    for typed in ["1e-13", "0.0000000000001", "1e-2000000000"] {
        assert!(matches!(parse(typed), Err(DecimalError::TooFine(_))), "{typed}");
    }
}

#[test]
fn printing_and_parsing_are_inverse() {
    let mut rng = rng(5, Purpose::Init, 0);
    for _ in 0..5000 {
        let places = rng.random_range(0..=12);
        let limit = 1_000_000 * 10_i64.pow(places);
        let decimal = Decimal::new(rng.random_range(-limit..=limit), places).unwrap();
        assert_eq!(decimal.to_string().parse::<Decimal>(), Ok(decimal));
        assert_eq!(Decimal::from_rational(&decimal.to_rational()), Some(decimal));
        assert_eq!(decimal.to_f64(), to_f64(&decimal.to_rational()));
    }
}

#[test]
fn rounding_keeps_the_places_asked_for() {
    assert_eq!(Decimal::round(0.1 + 0.2, 2).unwrap().to_string(), "0.3");
    assert_eq!(Decimal::round(-1.005, 1).unwrap().to_string(), "-1");
    assert_eq!(Decimal::round(f64::NAN, 1), None);
    assert_eq!(Decimal::round(1e12, 1), None);
}

#[test]
fn fractions_are_kept_exactly_and_printed_as_they_were_typed() {
    let mut rng = rng(6, Purpose::Init, 0);
    for round in 0..5000 {
        let below = rng.random_range(1..=10_i64.pow(1 + round % 12));
        let above = rng.random_range(-1_000_000 * below..=1_000_000 * below);
        let typed: Decimal = format!("{above}/{below}").parse().unwrap();
        let value = Rational::new(above.into(), below.into());
        assert_eq!(typed.to_rational(), value);
        assert_eq!(typed.to_f64(), to_f64(&value), "{above}/{below}");
        assert_eq!(typed.to_string().parse(), Ok(typed));
        assert_eq!(typed.negated().to_rational(), -value);
        assert_eq!(typed.is_negative(), above < 0);
        assert_eq!(typed.parts().is_none(), typed.to_rational().is_integer());
    }
}

#[test]
fn a_half_is_the_number_0_5_but_not_written_like_it() {
    let number = |text: &str| text.parse::<Decimal>().unwrap();
    assert!(number("1/2") != number("0.5") && number("1/2").is_same_number(number("0.5")));
    assert!(!number("1/3").is_same_number(number("0.333333333333")));
    assert_eq!(number("0/5"), Decimal::ZERO);
}

#[test]
fn steps_from_a_fraction_are_exact() {
    let step = |from: &str, key: &str, fine: bool| {
        let from = from.parse().unwrap();
        Steps::Tenths.next(from, key, fine).map(|number: Decimal| number.to_string())
    };
    assert_eq!(step("1/6", "ArrowUp", false).as_deref(), Some("4/15"));
    assert_eq!(step("1/6", "ArrowDown", true).as_deref(), Some("47/300"));
    assert_eq!(step("-82/29", "PageDown", false).as_deref(), Some("-111/29"));
    assert_eq!(step("9/10", "ArrowUp", false).as_deref(), Some("1"));
    assert_eq!(step("-0.7", "ArrowUp", true).as_deref(), Some("-0.69"));
    assert_eq!(step("0.000000000001", "ArrowUp", false).as_deref(), Some("0.100000000001"));
    assert_eq!((step("1000000", "PageUp", false), step("1", "x", false)), (None, None));
    // Its sum with a hundredth has a denominator of 14 digits.
    assert_eq!(step("1/999999999989", "ArrowUp", true).as_deref(), Some("0.01"));
    let tenfold = |from: &str, key: &str| {
        Steps::Tenfold.next(from.parse().unwrap(), key, false).map(|number: Decimal| number.to_string())
    };
    assert_eq!(tenfold("0.00001", "ArrowUp").as_deref(), Some("0.0001"));
    assert_eq!(tenfold("1/3", "ArrowDown").as_deref(), Some("1/30"));
    assert_eq!((tenfold("1e-12", "ArrowDown"), tenfold("1000000", "ArrowUp")), (None, None));
}
