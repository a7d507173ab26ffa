//! A small module by which a browser is asked whether it knows relaxed SIMD.

/// The instructions of relaxed SIMD: each one's number, how many vectors it takes, and its name in the text format.
pub const RELAXED: [(u16, usize, &str); 20] = [
    (0x100, 2, "i8x16.relaxed_swizzle"),
    (0x101, 1, "i32x4.relaxed_trunc_f32x4_s"),
    (0x102, 1, "i32x4.relaxed_trunc_f32x4_u"),
    (0x103, 1, "i32x4.relaxed_trunc_f64x2_s_zero"),
    (0x104, 1, "i32x4.relaxed_trunc_f64x2_u_zero"),
    (0x105, 3, "f32x4.relaxed_madd"),
    (0x106, 3, "f32x4.relaxed_nmadd"),
    (0x107, 3, "f64x2.relaxed_madd"),
    (0x108, 3, "f64x2.relaxed_nmadd"),
    (0x109, 3, "i8x16.relaxed_laneselect"),
    (0x10a, 3, "i16x8.relaxed_laneselect"),
    (0x10b, 3, "i32x4.relaxed_laneselect"),
    (0x10c, 3, "i64x2.relaxed_laneselect"),
    (0x10d, 2, "f32x4.relaxed_min"),
    (0x10e, 2, "f32x4.relaxed_max"),
    (0x10f, 2, "f64x2.relaxed_min"),
    (0x110, 2, "f64x2.relaxed_max"),
    (0x111, 2, "i16x8.relaxed_q15mulr_s"),
    (0x112, 2, "i16x8.relaxed_dot_i8x16_i7x16_s"),
    (0x113, 3, "i32x4.relaxed_dot_i8x16_i7x16_add_s"),
];

/// A module with one function that holds each of [`RELAXED`] once: it is valid just where all are known. Which of them
/// the relaxed trainer holds is the compiler's choice, so a browser that knows only some gets the other trainer.
pub fn relaxed_probe() -> Vec<u8> {
    let mut code = vec![0]; // no locals
    for (number, operands, _) in RELAXED {
        for parameter in 0..operands {
            code.extend([0x20, parameter as u8]); // local.get
        }
        code.push(0xfd); // a vector instruction
        leb128(&mut code, number.into());
        code.push(0x1a); // drop
    }
    code.extend([0x20, 0x00, 0x0b]); // the first parameter is the result; end
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    section(&mut module, 1, &[1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b]); // one type: three vectors to one
    section(&mut module, 3, &[1, 0]); // one function, of that type
    let mut functions = vec![1];
    leb128(&mut functions, code.len());
    functions.extend(code);
    section(&mut module, 10, &functions);
    module
}

fn section(module: &mut Vec<u8>, id: u8, content: &[u8]) {
    module.push(id);
    leb128(module, content.len());
    module.extend(content);
}

/// Appends a number in seven bits a byte, the lowest first.
fn leb128(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(0x80 | (number & 0x7f) as u8);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use wasmparser::{Parser, Payload};

    use super::*;

    #[test]
    fn the_probe_is_a_module_that_holds_every_relaxed_instruction() {
        let module = relaxed_probe();
        let bodies = Parser::new(0).parse_all(&module).filter_map(|payload| match payload.unwrap() {
            Payload::CodeSectionEntry(body) => Some(body),
            _ => None,
        });
        let operators: Vec<String> = bodies
            .flat_map(|body| body.get_operators_reader().unwrap().into_iter())
            .map(|operator| format!("{:?}", operator.unwrap()))
            .collect();
        let plain = |name: &str| name.replace(['.', '_'], "").to_lowercase();
        for (_, _, name) in RELAXED {
            assert!(
                operators.iter().any(|operator| plain(operator) == plain(name)),
                "{name} is not among {operators:?}"
            );
        }
        assert_eq!(operators.iter().filter(|operator| operator.contains("Relaxed")).count(), RELAXED.len());
    }
}
