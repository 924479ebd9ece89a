//! Text and tables as HTML.

/// Text as HTML, in elements and in attributes.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A table with a row of headings above and one heading a row; headings are text, cells HTML.
///
/// ```
/// use strel_network::page::table;
///
/// let html = table(&["", "DICE"], &[("float", vec!["0.5".into()])]);
/// assert!(html.contains("<th scope=\"row\">float</th><td>0.5</td>"));
/// ```
pub fn table<S: AsRef<str>>(columns: &[&str], rows: &[(S, Vec<String>)]) -> String {
    let head = |column: &&str| match *column {
        "" => "<td></td>".to_owned(),
        column => format!("<th scope=\"col\">{}</th>", escaped(column)),
    };
    let head: String = columns.iter().map(head).collect();
    let rows: String = rows.iter().map(|(name, cells)| row(name.as_ref(), cells)).collect();
    let head = if head.is_empty() { head } else { format!("<thead><tr>{head}</tr></thead>\n") };
    format!(
        "<div class=\"table\" role=\"group\" aria-label=\"table\" tabindex=\"0\"><table>\n\
         {head}<tbody>\n{rows}</tbody></table></div>\n"
    )
}

fn row(name: &str, cells: &[String]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", escaped(name))
}

/// What a link to a heading names.
pub(super) fn anchor(heading: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    heading.chars().map(plain).collect()
}
