//! What is what in the report, and in which order is it read? The structure tree, while the pages are laid out: nodes with
//! their roles, and pieces of pages that belong to them. Where a piece stands is decided in `layout`.

use krilla::tagging::TagKind;

/// A node of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(usize);

/// A piece of a page that belongs to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PieceId(usize);

/// What a node holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Child {
    Node(NodeId),
    Piece(PieceId),
}

/// A part of the report with its role.
pub(super) struct Node {
    pub(super) tag: TagKind,
    /// Of a figure: the page among the chapters, and left, top, right, bottom.
    pub(super) place: Option<(usize, [f32; 4])>,
    pub(super) children: Vec<Child>,
}

/// The tree.
#[derive(Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    roots: Vec<NodeId>,
    pieces: usize,
}

impl Tree {
    /// A part of the whole.
    pub(super) fn root(&mut self, tag: impl Into<TagKind>) -> NodeId {
        let id = self.node(tag.into());
        self.roots.push(id);
        id
    }

    /// A part of the whole that is read before the last one.
    pub(super) fn root_before_last(&mut self, tag: impl Into<TagKind>) -> NodeId {
        let id = self.node(tag.into());
        self.roots.insert(self.roots.len().saturating_sub(1), id);
        id
    }

    /// A part of a part.
    pub(super) fn add(&mut self, parent: NodeId, tag: impl Into<TagKind>) -> NodeId {
        let id = self.node(tag.into());
        self.push(parent, Child::Node(id));
        id
    }

    /// A piece of a page that belongs to a part.
    pub(super) fn piece(&mut self, parent: NodeId) -> PieceId {
        let id = PieceId(self.pieces);
        self.pieces += 1;
        self.push(parent, Child::Piece(id));
        id
    }

    /// Where a figure stands.
    pub(super) fn place(&mut self, id: NodeId, page: usize, sides: [f32; 4]) {
        if let Some(node) = self.nodes.get_mut(id.0) {
            node.place = Some((page, sides));
        }
    }

    /// The parts of the whole, in order.
    pub(super) fn roots(&self) -> &[NodeId] {
        &self.roots
    }

    /// A node.
    pub(super) fn get(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    fn node(&mut self, tag: TagKind) -> NodeId {
        self.nodes.push(Node {
            tag,
            place: None,
            children: Vec::new(),
        });
        NodeId(self.nodes.len() - 1)
    }

    fn push(&mut self, parent: NodeId, child: Child) {
        if let Some(node) = self.nodes.get_mut(parent.0) {
            node.children.push(child);
        }
    }
}
