import Engine

/// What is due when, in order, so that what comes next is known without looking at the rest.
struct Agenda: Sendable {
    struct Item: Hashable, Sendable, Comparable {
        let due: Steady
        let remote: String

        static func < (left: Item, right: Item) -> Bool {
            left.due == right.due ? left.remote < right.remote : left.due < right.due
        }
    }

    /// The next one comes last, where it costs nothing to take it.
    private var items: [Item] = []

    var next: Item? { items.last }

    mutating func add(_ item: Item) { items.insert(item, at: place(of: item)) }

    mutating func remove(_ item: Item) {
        let place = place(of: item)
        if place < items.count, items[place] == item { items.remove(at: place) }
    }

    /// Where it is, or would have to be.
    private func place(of item: Item) -> Int {
        var (low, high) = (0, items.count)
        while low < high {
            let middle = (low + high) / 2
            if items[middle] > item { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
