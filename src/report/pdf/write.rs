//! How do pages and their tree become a PDF? Every mark is drawn in its colour and tagged as what it is, or as an ornament;
//! the tree, the bookmarks and the facts about the file follow. The writer refuses what breaks PDF/UA-1 or PDF/A-2a.

use super::face::{Faces, fit};
use super::layout::{Heading, Mark, PAGE_HEIGHT, PAGE_WIDTH, Page, Reading};
use super::shelf::Report;
use super::tree::{Child, NodeId, PieceId, Tree};
use crate::report::drawing::{Anchor, Ink, Shape};
use crate::report::words::tag;
use chrono::{Datelike, Timelike};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, BBox, ContentTag, Identifier, Node, SpanTag, TagGroup, TagKind, TagTree,
};
use krilla::{Document, SerializeSettings};
use std::collections::BTreeMap;

/// The file. `before` is how many pages stand before the chapters.
///
/// # Errors
/// What the writer refuses, in its words.
pub(super) fn written(
    faces: &Faces,
    report: &Report<'_>,
    pages: &[Page],
    tree: &Tree,
    headings: &[Heading],
    before: usize,
) -> Result<Vec<u8>, String> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .with_archival_validator(Archival::A2_A)
        .finish()
        .map_err(|refused| format!("{refused:?}"))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let mut pieces = BTreeMap::new();
    for page in pages {
        write_page(&mut document, faces, page, before, &mut pieces)?;
    }
    let mut tags = TagTree::new().with_lang(Some(tag(report.language).to_owned()));
    for root in tree.roots() {
        if let Some(group) = group(tree, *root, before, &pieces) {
            tags.push(group);
        }
    }
    document.set_tag_tree(tags);
    document.set_outline(outline(headings, before));
    document.set_metadata(metadata(report));
    document.finish().map_err(|refused| format!("{refused:?}"))
}

fn write_page(
    document: &mut Document,
    faces: &Faces,
    marks: &Page,
    before: usize,
    pieces: &mut BTreeMap<PieceId, Identifier>,
) -> Result<(), String> {
    let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or("a page of A4")?;
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let mut open = None;
    for mark in marks {
        let Mark::Shape(shape, reading) = mark else {
            continue;
        };
        if open != Some(*reading) {
            if open.is_some() {
                surface.end_tagged();
            }
            let identifier = surface.start_tagged(content(shape, *reading));
            if let Reading::Aloud(piece) = reading {
                pieces.insert(*piece, identifier);
            }
            open = Some(*reading);
        }
        draw(&mut surface, faces, shape);
    }
    if open.is_some() {
        surface.end_tagged();
    }
    surface.finish();
    for mark in marks {
        let Mark::Link {
            sides,
            to,
            piece,
            words,
        } = mark
        else {
            continue;
        };
        let [left, top, right, bottom] = *sides;
        let area = Rect::from_ltrb(left, top, right, bottom).ok_or("an area to jump from")?;
        let target = Target::Destination(destination(*to, before).into());
        let link = Annotation::new_link(LinkAnnotation::new(area, target), Some(fit(words)));
        pieces.insert(*piece, page.add_tagged_annotation(link));
    }
    page.finish();
    Ok(())
}

fn destination((page, y): (usize, f32), before: usize) -> XyzDestination {
    XyzDestination::new(page + before, Point::from_xy(0.0, (y - 12.0).max(0.0)))
}

fn content(shape: &Shape, reading: Reading) -> ContentTag<'static> {
    let artifact = |kind| ContentTag::Artifact(Artifact { kind, bbox: None });
    match (reading, shape) {
        (Reading::Ornament, _) => artifact(ArtifactType::Layout),
        (Reading::Head, _) => artifact(ArtifactType::Header),
        (Reading::Foot, _) => artifact(ArtifactType::Footer),
        (Reading::Aloud(_), Shape::Label { .. }) => ContentTag::Span(SpanTag {
            lang: None,
            alt_text: None,
            expanded: None,
            actual_text: None,
        }),
        (Reading::Aloud(_), _) => ContentTag::Other,
    }
}

fn draw(surface: &mut Surface<'_>, faces: &Faces, shape: &Shape) {
    match shape {
        Shape::Bar {
            x,
            y,
            width,
            height,
            ink,
        } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rect);
            }
            filled(surface, path.finish(), *ink);
        }
        Shape::Line {
            points,
            ink,
            width,
            is_dashed,
        } => {
            let mut path = PathBuilder::new();
            for (index, (x, y)) in points.iter().enumerate() {
                if index == 0 {
                    path.move_to(*x, *y);
                } else {
                    path.line_to(*x, *y);
                }
            }
            let dash = is_dashed.then(|| StrokeDash {
                array: vec![3.0, 2.5],
                offset: 0.0,
            });
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: colour(*ink).into(),
                width: *width,
                dash,
                ..Stroke::default()
            }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
            surface.set_stroke(None);
        }
        Shape::Dot {
            x,
            y,
            radius,
            ink,
            is_diamond,
        } => {
            let path = if *is_diamond {
                diamond(*x, *y, *radius)
            } else {
                circle(*x, *y, *radius)
            };
            filled(surface, path, *ink);
        }
        Shape::Label {
            x,
            y,
            size,
            is_strong,
            anchor,
            ink,
            text,
        } => {
            let face = faces.face(*is_strong);
            let width = || faces.width(text, *size, *is_strong);
            let x = match anchor {
                Anchor::Start => *x,
                Anchor::Middle => x - width() / 2.0,
                Anchor::End => x - width(),
            };
            surface.set_fill(Some(fill(*ink)));
            let glyphs = face.glyphs(text);
            surface.draw_glyphs(
                Point::from_xy(x, *y),
                &glyphs,
                face.font(),
                text,
                *size,
                false,
            );
        }
    }
}

fn colour(ink: Ink) -> rgb::Color {
    rgb::Color::new(ink.0, ink.1, ink.2)
}

fn fill(ink: Ink) -> Fill {
    Fill {
        paint: colour(ink).into(),
        ..Fill::default()
    }
}

fn filled(surface: &mut Surface<'_>, path: Option<Path>, ink: Ink) {
    if let Some(path) = path {
        surface.set_fill(Some(fill(ink)));
        surface.draw_path(&path);
    }
}

fn diamond(x: f32, y: f32, radius: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.move_to(x, y - radius);
    path.line_to(x + radius, y);
    path.line_to(x, y + radius);
    path.line_to(x - radius, y);
    path.close();
    path.finish()
}

fn circle(x: f32, y: f32, radius: f32) -> Option<Path> {
    // How far the handles of four curves stand out that look like a circle.
    let out = radius * 0.552_285;
    let mut path = PathBuilder::new();
    path.move_to(x, y - radius);
    path.cubic_to(x + out, y - radius, x + radius, y - out, x + radius, y);
    path.cubic_to(x + radius, y + out, x + out, y + radius, x, y + radius);
    path.cubic_to(x - out, y + radius, x - radius, y + out, x - radius, y);
    path.cubic_to(x - radius, y - out, x - out, y - radius, x, y - radius);
    path.close();
    path.finish()
}

/// A node with all that it holds; nothing of what holds nothing.
fn group(
    tree: &Tree,
    id: NodeId,
    before: usize,
    pieces: &BTreeMap<PieceId, Identifier>,
) -> Option<TagGroup> {
    let node = tree.get(id)?;
    let mut tag = node.tag.clone();
    if let (TagKind::Figure(figure), Some((page, sides))) = (&mut tag, node.place) {
        let [left, top, right, bottom] = sides;
        let area = Rect::from_ltrb(left, top, right, bottom);
        figure.set_bbox(area.map(|area| BBox::new(page + before, area)));
    }
    let children: Vec<Node> = node
        .children
        .iter()
        .filter_map(|child| match child {
            Child::Node(id) => group(tree, *id, before, pieces).map(Node::from),
            Child::Piece(piece) => pieces.get(piece).copied().map(Node::from),
        })
        .collect();
    (!children.is_empty()).then(|| TagGroup::with_children(tag, children))
}

/// The bookmarks: chapters, and below them their sections.
fn outline(headings: &[Heading], before: usize) -> Outline {
    let mut chapters: Vec<OutlineNode> = Vec::new();
    for heading in headings.iter().filter(|heading| heading.level <= 2) {
        let to = destination((heading.page, heading.y), before);
        let node = OutlineNode::new(heading.text.clone(), to);
        match chapters.last_mut() {
            Some(chapter) if heading.level > 1 => chapter.push_child(node),
            _ => chapters.push(node.with_open(true)),
        }
    }
    let mut outline = Outline::new();
    for chapter in chapters {
        outline.push_child(chapter);
    }
    outline
}

fn metadata(report: &Report<'_>) -> Metadata {
    let at = report.title_page.made_at;
    let part = |value: u32| u8::try_from(value).unwrap_or_default();
    let made = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(fit(&report.title()))
        .authors(vec![fit(&report.title_page.municipality)])
        .language(tag(report.language).to_owned())
        .creation_date(made)
        .creator("kaa".to_owned())
        .document_id(report.title_page.sha256.clone())
        .text_direction(TextDirection::LeftToRight)
}
