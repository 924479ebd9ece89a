//! Pages for people: one HTML file that needs nothing else.

mod html;
mod network;
mod pictures;

use html::anchor;
pub use html::{escaped, table};
pub use network::{certificate_section, network_section};
pub use pictures::{Comparison, image, scrollable};

const STYLE: &str = include_str!("page/style.css");

/// A page of a heading, a lead and sections, with a list of links to them.
///
/// It has no script and loads nothing, follows the reader's light or dark scheme, fits telephones, and can be
/// printed. Contents are HTML; [`escaped`] makes some of text.
///
/// ```
/// use strel_network::page::{Page, escaped};
///
/// let page = Page::new("Two words", "<p>Beside each other.</p>").section("The words", &escaped("a < b"));
/// let html = page.to_html();
/// assert!(html.starts_with("<!doctype html>"));
/// assert!(html.contains("<a href=\"#the-words\">The words</a>"));
/// assert!(html.contains("a &lt; b"));
/// ```
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    lead: String,
    sections: Vec<(String, String)>,
}

impl Page {
    /// A page without sections; the title is text, the lead HTML.
    pub fn new(title: &str, lead: &str) -> Self {
        Page { title: title.to_owned(), lead: lead.to_owned(), sections: Vec::new() }
    }

    /// The page with one more section; the heading is text, and no other section has it.
    pub fn section(mut self, heading: &str, content: &str) -> Self {
        self.sections.push((heading.to_owned(), content.to_owned()));
        self
    }

    /// The whole file.
    pub fn to_html(&self) -> String {
        let title = escaped(&self.title);
        let links: String = self.sections.iter().map(|(heading, _)| link(heading)).collect();
        let sections: String =
            self.sections.iter().map(|(heading, content)| section(heading, content)).collect();
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title} · strel</title>\n<link rel=\"icon\" href=\"data:,\">\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#content\">Skip to the content</a>\n\
             <header>\n<p class=\"brand\">strel</p>\n<h1>{title}</h1>\n{lead}</header>\n\
             <nav aria-label=\"Sections\"><ul>\n{links}</ul></nav>\n\
             <main id=\"content\" tabindex=\"-1\">\n{sections}</main>\n</body>\n</html>\n",
            lead = self.lead,
        )
    }
}

fn link(heading: &str) -> String {
    format!("<li><a href=\"#{}\">{}</a>\n", anchor(heading), escaped(heading))
}

fn section(heading: &str, content: &str) -> String {
    let (anchor, heading) = (anchor(heading), escaped(heading));
    format!(
        "<section id=\"{anchor}\" aria-labelledby=\"{anchor}-heading\">\n\
         <h2 id=\"{anchor}-heading\">{heading}</h2>\n{content}\n</section>\n"
    )
}
