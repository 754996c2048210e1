/// Needles in alphabetical order, each once, in one stretch of memory.
struct SortedNeedles {
    struct Place {
        let start: Int
        let length: Int
        /// The first eight bytes, so that most comparisons look no further.
        let beginning: UInt64
    }

    private(set) var bytes: [UInt8] = []
    private(set) var places: [Place] = []

    init(_ needles: [[UInt8]]) {
        bytes.reserveCapacity(needles.reduce(0) { $0 + $1.count })
        places.reserveCapacity(needles.count)
        for needle in needles {
            let beginning = (0..<8).reduce(UInt64(0)) { number, index in
                number << 8 | (index < needle.count ? UInt64(needle[index]) : 0)
            }
            places.append(
                Place(start: bytes.count, length: needle.count, beginning: beginning))
            bytes += needle
        }
        let bytes = self.bytes
        places.sort { first, second in
            if first.beginning != second.beginning { return first.beginning < second.beginning }
            return bytes[first.start...].prefix(first.length).lexicographicallyPrecedes(
                bytes[second.start...].prefix(second.length))
        }
        var kept: [Place] = []
        for place in places {
            if let last = kept.last, last.length == place.length,
                shared(last, place) == place.length
            {
                continue
            }
            kept.append(place)
        }
        places = kept
    }

    var isEmpty: Bool { places.isEmpty }

    /// How many bytes both begin with.
    func shared(_ first: Place, _ second: Place) -> Int {
        let most = min(first.length, second.length)
        var count = min(
            (first.beginning ^ second.beginning).leadingZeroBitCount / 8, most)
        guard count >= 8 else { return count }
        while count < most, bytes[first.start + count] == bytes[second.start + count] {
            count += 1
        }
        return count
    }
}
