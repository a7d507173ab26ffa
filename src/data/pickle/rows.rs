//! Lists of images with their labels, one by one: `[(image, label), …]`, `[{"image": image, "label": label}, …]`.

use super::machine::Machine;
use super::values::{Object, Value};
use crate::data::array::is_one_image;

impl Machine {
    /// What was read, with the lists of rows in it, or in a dictionary's splits, by columns.
    pub(super) fn with_columns(&mut self, top: Value) -> Value {
        let Some(Object::Dict(entries)) = self.object(top) else { return self.by_columns(top) };
        let mut entries = entries.clone();
        for (_, value) in &mut entries {
            *value = self.by_columns(*value);
        }
        self.object_of(Object::Dict(entries))
    }

    fn object_of(&mut self, object: Object) -> Value {
        self.objects.push(object);
        Value::Object(self.objects.len() as u32 - 1)
    }

    /// A list of rows as a tuple of a list of images and one of labels; anything else as it is.
    fn by_columns(&mut self, value: Value) -> Value {
        let Some((images, labels)) = self.columns(value) else { return value };
        let [images, labels] = [images, labels].map(|column| self.object_of(Object::List(column)));
        self.object_of(Object::Tuple(vec![images, labels]))
    }

    fn columns(&self, value: Value) -> Option<(Vec<Value>, Vec<Value>)> {
        let rows = self.items(value)?;
        let [first, second] = self.row(*rows.first()?)?;
        let is_image_first = match (self.is_image(first), self.is_image(second)) {
            (true, false) => true,
            (false, true) => false,
            _ => return None,
        };
        let row = |row: &Value| self.row(*row).map(|[a, b]| if is_image_first { (a, b) } else { (b, a) });
        rows.iter().map(row).collect::<Option<Vec<_>>>().map(|rows| rows.into_iter().unzip())
    }

    /// The two values of a row. Dictionaries have one order of keys, or their rows are not taken apart.
    fn row(&self, row: Value) -> Option<[Value; 2]> {
        match self.object(row)? {
            Object::Tuple(items) | Object::List(items) => items[..].try_into().ok(),
            Object::Dict(entries) => match entries[..] {
                [(_, first), (_, second)] => Some([first, second]),
                _ => None,
            },
            _ => None,
        }
    }

    fn is_image(&self, value: Value) -> bool {
        let Some(Object::Array(array)) = self.object(value) else { return false };
        let sides = array.shape.iter().flatten().map(|side| usize::try_from(*side).unwrap_or(0)).collect::<Vec<_>>();
        is_one_image(&sides)
    }
}
