//! Boolean expressions, as people type them.
//!
//! From the tightest: `not`, then `and` and `nand`, `xor`, `or` and `nor`, `implies` (to the right), `iff`. Each also
//! by symbols: `! ~ ¬` before and `'` behind, `& && ∧ · *`, `⊼`, `^ ⊕`, `| || ∨ +`, `⊽`, `-> => →`, `<-> ==`; and as
//! a function, `xor(a, b)`.

/// Most variables: a truth table of 64 rows.
pub const MAX_VARIABLES: usize = 6;
/// Deepest nesting that is read.
const MAX_DEPTH: usize = 100;

/// A boolean expression over variables by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A constant.
    Constant(bool),
    /// A variable.
    Variable(usize),
    /// Its negation.
    Not(Box<Expression>),
    /// Both.
    And(Box<Expression>, Box<Expression>),
    /// At least one.
    Or(Box<Expression>, Box<Expression>),
    /// Exactly one.
    Xor(Box<Expression>, Box<Expression>),
}

/// An expression with its variables' names, in the order in which they first stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    /// Names.
    pub variables: Vec<String>,
    /// Over their numbers.
    pub expression: Expression,
    /// How it was read: with words for the operators, and brackets round each but the last.
    pub reading: String,
}

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// Where, in characters from 0.
    pub at: usize,
    /// A sentence that says what is wrong and what to do.
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    Constant(bool),
    Not,
    Open,
    Close,
    Comma,
    /// Negates what stands before it.
    Prime,
    Operator(Operator),
}

/// A part of the text that was read.
struct Part {
    expression: Expression,
    /// As [`Formula::reading`].
    reading: String,
    /// Whether it is an operator with two sides, to be put in brackets inside another.
    is_binary: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    And,
    Nand,
    Xor,
    Or,
    Nor,
    Implies,
    Iff,
}

impl Operator {
    /// How tightly it binds.
    fn strength(self) -> u8 {
        match self {
            Self::Iff => 1,
            Self::Implies => 2,
            Self::Or | Self::Nor => 3,
            Self::Xor => 4,
            Self::And | Self::Nand => 5,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Nand => "nand",
            Self::Xor => "xor",
            Self::Or => "or",
            Self::Nor => "nor",
            Self::Implies => "implies",
            Self::Iff => "iff",
        }
    }

    /// Whether it can take more than two inputs, in any order.
    fn takes_many(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Xor)
    }

    fn of(self, a: Expression, b: Expression) -> Expression {
        let (a, b) = (Box::new(a), Box::new(b));
        let not = |e| Expression::Not(Box::new(e));
        match self {
            Self::And => Expression::And(a, b),
            Self::Nand => not(Expression::And(a, b)),
            Self::Xor => Expression::Xor(a, b),
            Self::Or => Expression::Or(a, b),
            Self::Nor => not(Expression::Or(a, b)),
            Self::Implies => Expression::Or(Box::new(Expression::Not(a)), b),
            Self::Iff => not(Expression::Xor(a, b)),
        }
    }
}

impl Part {
    fn plain(expression: Expression, reading: String) -> Self {
        Self { expression, reading, is_binary: false }
    }

    fn in_brackets(&self) -> String {
        if self.is_binary { format!("({})", self.reading) } else { self.reading.clone() }
    }

    fn negated(self) -> Self {
        let reading = format!("not {}", self.in_brackets());
        Self::plain(Expression::Not(Box::new(self.expression)), reading)
    }

    fn joined(self, operator: Operator, right: Self) -> Self {
        let reading = format!("{} {} {}", self.in_brackets(), operator.word(), right.in_brackets());
        Self { expression: operator.of(self.expression, right.expression), reading, is_binary: true }
    }
}

impl Expression {
    /// Its value, given the variables'.
    pub fn eval(&self, values: &[bool]) -> bool {
        match self {
            Self::Constant(value) => *value,
            Self::Variable(index) => values[*index],
            Self::Not(a) => !a.eval(values),
            Self::And(a, b) => a.eval(values) && b.eval(values),
            Self::Or(a, b) => a.eval(values) || b.eval(values),
            Self::Xor(a, b) => a.eval(values) != b.eval(values),
        }
    }
}

impl Formula {
    /// Reads an expression.
    ///
    /// # Errors
    /// The first place that cannot be read, with a sentence.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.chars().count(), variables: Vec::new() };
        if parser.tokens.is_empty() {
            return Err(error(0, "Type an expression, such as a xor b."));
        }
        let Part { expression, reading, .. } = parser.binary(0, 0)?;
        match parser.tokens.get(parser.next) {
            None => Ok(Self { variables: parser.variables, expression, reading }),
            Some((at, Token::Close)) => Err(error(*at, "This “)” closes nothing. Remove it, or open a “(” before.")),
            Some((at, Token::Comma)) => {
                Err(error(*at, "A comma only parts the inputs of a function, such as xor(a, b). Write an operator."))
            }
            Some((at, _)) => Err(error(*at, "An operator is missing before this, such as and.")),
        }
    }

    /// A formula for a truth table: the disjunction of its true rows.
    pub fn of_table(variables: Vec<String>, table: &[bool]) -> Self {
        let count = variables.len();
        let literal = |row: usize, index: usize| {
            let variable = Part::plain(Expression::Variable(index), variables[index].clone());
            if Self::row_values(count, row)[index] { variable } else { variable.negated() }
        };
        let constant = |value: bool| Part::plain(Expression::Constant(value), u8::from(value).to_string());
        let row = |row: usize| {
            let literals = (0..count).map(|index| literal(row, index));
            literals.reduce(|a, b| a.joined(Operator::And, b)).unwrap_or_else(|| constant(true))
        };
        let rows = (0..table.len()).filter(|&index| table[index]).map(row);
        let all = rows.reduce(|a, b| a.joined(Operator::Or, b)).unwrap_or_else(|| constant(false));
        Self { expression: all.expression, reading: all.reading, variables }
    }

    /// The variables' values in a row of the table: the first variable changes slowest.
    pub fn row_values(variables: usize, row: usize) -> Vec<bool> {
        (0..variables).map(|index| row >> (variables - 1 - index) & 1 == 1).collect()
    }

    /// The truth table, 2ⁿ rows.
    pub fn table(&self) -> Vec<bool> {
        let count = self.variables.len();
        (0..1 << count).map(|row| self.expression.eval(&Self::row_values(count, row))).collect()
    }
}

fn too_deep(at: usize) -> ParseError {
    error(at, format!("This is nested more than {MAX_DEPTH} deep. Make the expression simpler."))
}

fn error(at: usize, message: impl Into<String>) -> ParseError {
    ParseError { at, message: message.into() }
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, ParseError> {
    const SYMBOLS: [(&str, Token); 26] = [
        ("<->", Token::Operator(Operator::Iff)),
        ("==", Token::Operator(Operator::Iff)),
        ("↔", Token::Operator(Operator::Iff)),
        ("->", Token::Operator(Operator::Implies)),
        ("=>", Token::Operator(Operator::Implies)),
        ("→", Token::Operator(Operator::Implies)),
        ("&&", Token::Operator(Operator::And)),
        ("&", Token::Operator(Operator::And)),
        ("∧", Token::Operator(Operator::And)),
        ("·", Token::Operator(Operator::And)),
        ("*", Token::Operator(Operator::And)),
        ("⊼", Token::Operator(Operator::Nand)),
        ("||", Token::Operator(Operator::Or)),
        ("|", Token::Operator(Operator::Or)),
        ("∨", Token::Operator(Operator::Or)),
        ("+", Token::Operator(Operator::Or)),
        ("⊽", Token::Operator(Operator::Nor)),
        ("^", Token::Operator(Operator::Xor)),
        ("⊕", Token::Operator(Operator::Xor)),
        ("!", Token::Not),
        ("~", Token::Not),
        ("¬", Token::Not),
        ("'", Token::Prime),
        ("’", Token::Prime),
        ("′", Token::Prime),
        (",", Token::Comma),
    ];
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let c = characters[at];
        let rest: String = characters[at..].iter().take(3).collect();
        if c.is_whitespace() {
            at += 1;
        } else if c == '(' || c == ')' {
            tokens.push((at, if c == '(' { Token::Open } else { Token::Close }));
            at += 1;
        } else if let Some((symbol, token)) = SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol)) {
            tokens.push((at, token.clone()));
            at += symbol.chars().count();
        } else if c.is_alphanumeric() || c == '_' {
            let word: String = characters[at..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
            let length = word.chars().count();
            let token = match word.to_lowercase().as_str() {
                "not" => Token::Not,
                "and" => Token::Operator(Operator::And),
                "nand" => Token::Operator(Operator::Nand),
                "xor" => Token::Operator(Operator::Xor),
                "or" => Token::Operator(Operator::Or),
                "nor" => Token::Operator(Operator::Nor),
                "implies" => Token::Operator(Operator::Implies),
                "iff" | "xnor" => Token::Operator(Operator::Iff),
                "true" | "1" => Token::Constant(true),
                "false" | "0" => Token::Constant(false),
                _ if c.is_numeric() => {
                    return Err(error(
                        at,
                        format!(
                            "“{word}” isn’t a variable: a name begins with a letter, and the only constants are 0 and 1."
                        ),
                    ));
                }
                _ if length > 12 => return Err(error(at, "This name is too long. Use at most 12 letters.")),
                _ => Token::Name(word),
            };
            tokens.push((at, token));
            at += length;
        } else {
            return Err(error(
                at,
                format!(
                    "“{c}” means nothing here. Use names, not, and, or, xor, nand, nor, implies, iff and parentheses."
                ),
            ));
        }
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    /// Characters in all: where an error at the end is.
    end: usize,
    variables: Vec<String>,
}

impl Parser {
    /// Reads operands and operators that bind at least as tightly as `weakest`.
    fn binary(&mut self, weakest: u8, depth: usize) -> Result<Part, ParseError> {
        let mut left = self.operand(depth)?;
        while let Some((_, Token::Operator(operator))) = self.tokens.get(self.next) {
            let operator = *operator;
            if operator.strength() < weakest {
                break;
            }
            self.next += 1;
            // Implication groups to the right, all others to the left.
            let stronger = operator.strength() + u8::from(operator != Operator::Implies);
            let right = self.binary(stronger, depth + 1)?;
            left = left.joined(operator, right);
        }
        Ok(left)
    }

    /// An operand, with the primes behind it.
    fn operand(&mut self, depth: usize) -> Result<Part, ParseError> {
        let mut operand = self.plain_operand(depth)?;
        let mut primes = 0;
        while let Some((at, Token::Prime)) = self.tokens.get(self.next) {
            primes += 1;
            if depth + primes > MAX_DEPTH {
                return Err(too_deep(*at));
            }
            operand = operand.negated();
            self.next += 1;
        }
        Ok(operand)
    }

    fn plain_operand(&mut self, depth: usize) -> Result<Part, ParseError> {
        let Some((at, token)) = self.tokens.get(self.next).cloned() else {
            return Err(error(self.end, "Something is missing at the end: a variable, or a “(”."));
        };
        if depth > MAX_DEPTH {
            return Err(too_deep(at));
        }
        self.next += 1;
        match token {
            Token::Constant(value) => Ok(Part::plain(Expression::Constant(value), u8::from(value).to_string())),
            Token::Not => Ok(self.operand(depth + 1)?.negated()),
            Token::Name(name) => {
                let known = self.variables.iter().position(|variable| *variable == name);
                if known.is_none() && self.variables.len() == MAX_VARIABLES {
                    return Err(error(
                        at,
                        format!("“{name}” is variable number {}. Use at most {MAX_VARIABLES}.", MAX_VARIABLES + 1),
                    ));
                }
                let index = known.unwrap_or_else(|| {
                    self.variables.push(name.clone());
                    self.variables.len() - 1
                });
                Ok(Part::plain(Expression::Variable(index), name))
            }
            Token::Open => {
                let inner = self.binary(0, depth + 1)?;
                match self.tokens.get(self.next) {
                    Some((_, Token::Close)) => {
                        self.next += 1;
                        Ok(inner)
                    }
                    Some((at, _)) => Err(error(*at, "An operator or a “)” is missing before this.")),
                    None => Err(error(at, "This “(” is never closed. Add a “)”.")),
                }
            }
            Token::Close => Err(error(at, "Something is missing before this “)”: a variable, say.")),
            Token::Operator(operator) => match self.tokens.get(self.next) {
                Some((_, Token::Open)) => self.function(operator, at, depth),
                _ => Err(error(at, "Something is missing before this operator: a variable, say.")),
            },
            Token::Comma => Err(error(at, "Something is missing before this comma: a variable, say.")),
            Token::Prime => Err(error(at, "Nothing stands before this to be negated. Write a', or not a.")),
        }
    }

    /// The inputs of an operator that is written as a function, from the “(” on.
    fn function(&mut self, operator: Operator, at: usize, depth: usize) -> Result<Part, ParseError> {
        let word = operator.word();
        let open = self.next;
        let mut all: Option<Part> = None;
        let mut count = 0;
        loop {
            self.next += 1;
            let input = self.binary(0, depth + 1)?;
            count += 1;
            all = Some(match all {
                None => input,
                Some(before) => before.joined(operator, input),
            });
            match self.tokens.get(self.next) {
                Some((_, Token::Comma)) => {}
                Some((_, Token::Close)) => break,
                Some((at, _)) => return Err(error(*at, "An operator, a comma or a “)” is missing before this.")),
                None => return Err(error(self.tokens[open].0, "This “(” is never closed. Add a “)”.")),
            }
        }
        self.next += 1;
        match all {
            Some(all) if count == 2 || count > 2 && operator.takes_many() => Ok(all),
            _ if operator.takes_many() => {
                Err(error(at, format!("{word} needs at least two inputs here. Write {word}(a, b), or a {word} b.")))
            }
            _ => Err(error(at, format!("{word} takes exactly two inputs here. Write {word}(a, b), or a {word} b."))),
        }
    }
}
