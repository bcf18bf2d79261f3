//! The greatest flow and the least cut (Dinic 1970), in whole milligrams.

/// Edges in pairs: number `e ^ 1` is the way back of `e`.
pub(super) struct Flow {
    heads: Vec<usize>,
    left: Vec<i128>,
    from: Vec<Vec<usize>>,
}

/// More than all goods together can weigh.
pub(super) const ENDLESS: i128 = i128::MAX / 4;

impl Flow {
    /// A net of `nodes` nodes without edges.
    pub(super) fn new(nodes: usize) -> Self {
        Self { heads: Vec::new(), left: Vec::new(), from: vec![Vec::new(); nodes] }
    }

    /// One more node.
    pub(super) fn node(&mut self) -> usize {
        self.from.push(Vec::new());
        self.from.len() - 1
    }

    /// An edge that carries at most `most`.
    pub(super) fn edge(&mut self, tail: usize, head: usize, most: i128) {
        for (tail, head, left) in [(tail, head, most), (head, tail, 0)] {
            self.from[tail].push(self.heads.len());
            self.heads.push(head);
            self.left.push(left);
        }
    }

    /// Sends as much as there is way for; gives how much.
    pub(super) fn send(&mut self, source: usize, sink: usize) -> i128 {
        let mut sent = 0;
        loop {
            let levels = self.levels(source);
            if levels[sink] == usize::MAX {
                return sent;
            }
            let mut next = vec![0; self.from.len()];
            loop {
                let step = self.augment(source, sink, &levels, &mut next);
                if step == 0 {
                    break;
                }
                sent += step;
            }
        }
    }

    /// How many edges each node is away; `usize::MAX` where there is no way.
    fn levels(&self, source: usize) -> Vec<usize> {
        let mut levels = vec![usize::MAX; self.from.len()];
        levels[source] = 0;
        let mut open = std::collections::VecDeque::from([source]);
        while let Some(node) = open.pop_front() {
            for edge in &self.from[node] {
                let head = self.heads[*edge];
                if self.left[*edge] > 0 && levels[head] == usize::MAX {
                    levels[head] = levels[node] + 1;
                    open.push_back(head);
                }
            }
        }
        levels
    }

    /// One way along rising levels, found without recursion; gives what it carried, 0 if there is none left.
    fn augment(
        &mut self,
        source: usize,
        sink: usize,
        levels: &[usize],
        next: &mut [usize],
    ) -> i128 {
        let mut way: Vec<usize> = Vec::new();
        let mut node = source;
        while node != sink {
            if let Some(edge) = self.from[node].get(next[node]).copied() {
                let head = self.heads[edge];
                if self.left[edge] > 0 && levels[head] == levels[node] + 1 {
                    way.push(edge);
                    node = head;
                } else {
                    next[node] += 1;
                }
            } else {
                let Some(edge) = way.pop() else { return 0 };
                node = self.heads[edge ^ 1];
                next[node] += 1;
            }
        }
        let step = way.iter().map(|edge| self.left[*edge]).min().unwrap_or(0);
        for edge in way {
            self.left[edge] -= step;
            self.left[edge ^ 1] += step;
        }
        step
    }

    /// The nodes from which more could still reach the sink: the smallest sink side of a least cut, after [`Flow::send`].
    pub(super) fn wanting(&self, sink: usize) -> Vec<bool> {
        let mut wanting = vec![false; self.from.len()];
        wanting[sink] = true;
        let mut open = vec![sink];
        while let Some(node) = open.pop() {
            for edge in &self.from[node] {
                let tail = self.heads[*edge];
                if self.left[edge ^ 1] > 0 && !std::mem::replace(&mut wanting[tail], true) {
                    open.push(tail);
                }
            }
        }
        wanting
    }
}
