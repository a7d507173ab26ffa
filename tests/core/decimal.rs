use piecewise::data::{Purpose, rng};
use piecewise::piecewise::{Decimal, DecimalError, to_f64};
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
    ] {
        assert_eq!(parse(typed).as_deref(), Ok(shown), "{typed}");
    }
}

#[test]
fn what_is_no_number_is_refused_with_a_reason() {
    assert_eq!(parse("  "), Err(DecimalError::Empty));
    for typed in ["NaN", "inf", "-", ".", "1.2.3", "1e", "e5", "0x1", "1-1", "--1", "1e5.0", "٣", "1 000"] {
        assert!(matches!(parse(typed), Err(DecimalError::NotANumber(_))), "{typed}");
    }
    for typed in ["1000000.1", "1e7", "1e300", "-1e2000000000", "99999999999999999999999"] {
        assert!(matches!(parse(typed), Err(DecimalError::TooLarge(_) | DecimalError::NotANumber(_))), "{typed}");
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
