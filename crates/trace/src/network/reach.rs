//! Who reaches whom in a directed graph that may have circles: strongly connected components once, then sixty-four
//! questions at a time in one pass over the edges. With `k` questions: O(V + E) · (1 + k/64).

/// A directed graph, its edges in one array.
pub(super) struct Graph {
    starts: Vec<usize>,
    heads: Vec<usize>,
}

impl Graph {
    /// A graph of `nodes` nodes.
    pub(super) fn new(nodes: usize, edges: &[(usize, usize)]) -> Self {
        let mut starts = vec![0; nodes + 1];
        for (tail, _) in edges {
            starts[tail + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut heads = vec![0; edges.len()];
        for (tail, head) in edges {
            heads[next[*tail]] = *head;
            next[*tail] += 1;
        }
        Self { starts, heads }
    }

    /// How many nodes it has.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Where the edges of a node lead.
    pub(super) fn after(&self, node: usize) -> &[usize] {
        &self.heads[self.starts[node]..self.starts[node + 1]]
    }

    /// The same with every edge turned round.
    pub(super) fn reversed(&self) -> Self {
        let edges: Vec<_> = (0..self.len())
            .flat_map(|tail| self.after(tail).iter().map(move |head| (*head, tail)))
            .collect();
        Self::new(self.len(), &edges)
    }

    /// All nodes reached from `seeds` by at least one edge, as a flag for each node.
    pub(super) fn beyond(&self, seeds: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        let mut open: Vec<usize> = seeds.into_iter().collect();
        while let Some(node) = open.pop() {
            for head in self.after(node) {
                if !std::mem::replace(&mut reached[*head], true) {
                    open.push(*head);
                }
            }
        }
        reached
    }
}

/// The components of a graph, sinks first: an edge leads into its own component or into one with a smaller number.
pub(super) struct Components {
    /// The component of each node.
    pub(super) of: Vec<usize>,
    /// The nodes, component by component.
    pub(super) nodes: Vec<usize>,
    starts: Vec<usize>,
}

const UNSEEN: usize = usize::MAX;

impl Components {
    /// Tarjan 1972, with a stack of its own: a chain of deliveries may be longer than a thread's stack allows.
    pub(super) fn of(graph: &Graph) -> Self {
        let mut order = vec![UNSEEN; graph.len()];
        let mut low = vec![0; graph.len()];
        let mut found = Self { of: vec![UNSEEN; graph.len()], nodes: Vec::new(), starts: vec![0] };
        let (mut path, mut calls, mut time) = (Vec::new(), Vec::new(), 0);
        for root in 0..graph.len() {
            if order[root] == UNSEEN {
                calls.push((root, 0));
            }
            while let Some((node, step)) = calls.pop() {
                if step == 0 {
                    (order[node], low[node]) = (time, time);
                    time += 1;
                    path.push(node);
                }
                if let Some(head) = graph.after(node).get(step) {
                    calls.push((node, step + 1));
                    if order[*head] == UNSEEN {
                        calls.push((*head, 0));
                    } else if found.of[*head] == UNSEEN {
                        low[node] = low[node].min(order[*head]);
                    }
                    continue;
                }
                if let Some((parent, _)) = calls.last() {
                    low[*parent] = low[*parent].min(low[node]);
                }
                if low[node] == order[node] {
                    found.close(&mut path, node);
                }
            }
        }
        found
    }

    fn close(&mut self, path: &mut Vec<usize>, first: usize) {
        let number = self.starts.len() - 1;
        while let Some(node) = path.pop() {
            self.of[node] = number;
            self.nodes.push(node);
            if node == first {
                break;
            }
        }
        self.starts.push(self.nodes.len());
    }

    /// Each component's nodes, sinks first.
    pub(super) fn each(&self) -> impl Iterator<Item = &[usize]> {
        self.starts.windows(2).map(|range| &self.nodes[range[0]..range[1]])
    }

    /// For each node the bits of itself and of all it reaches.
    pub(super) fn gather(&self, graph: &Graph, own: &[u64]) -> Vec<u64> {
        let mut of_component = Vec::with_capacity(self.starts.len());
        for nodes in self.each() {
            let mut bits = 0;
            for node in nodes {
                bits |= own[*node];
                for head in graph.after(*node) {
                    // A head in the same component is not yet there, and adds nothing but its own bits.
                    bits |= of_component.get(self.of[*head]).copied().unwrap_or(0);
                }
            }
            of_component.push(bits);
        }
        self.of.iter().map(|component| of_component[*component]).collect()
    }
}
