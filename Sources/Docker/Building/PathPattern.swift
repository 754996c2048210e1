/// A pattern of paths as `.dockerignore` has them: `*` and `?` stay within a name, `**` goes over
/// any number of folders, `[a-z]` and `\` are as in a shell. What lies below what fits, fits.
struct PathPattern: Hashable, Sendable {
    private enum Piece: Hashable, Sendable {
        case letter(Unicode.Scalar)
        case anyLetter
        case name
        /// `**`
        case anything
        /// `**/`, which may also be nothing.
        case folders
        case oneOf([ClosedRange<Unicode.Scalar>], isNot: Bool)
    }

    /// Where in the pattern a path may be by now. All places are kept at once, so that no pattern
    /// takes longer than its length for each letter.
    private struct Place: Hashable {
        let piece: Int
        /// Folders have begun, so that they have to end.
        var isWithin = false
    }

    private let pieces: [Piece]

    /// Nothing where a bracket is not closed or nothing follows a backslash.
    init?(_ text: String) {
        var rest = text.unicodeScalars[...]
        var pieces: [Piece] = []
        while let letter = rest.popFirst() {
            switch letter {
            case "*" where rest.first == "*":
                rest = rest.drop { $0 == "*" }
                if rest.first == "/" {
                    rest.removeFirst()
                    pieces.append(.folders)
                } else {
                    pieces.append(.anything)
                }
            case "*": pieces.append(.name)
            case "?": pieces.append(.anyLetter)
            case "[":
                guard let piece = Self.oneOf(&rest) else { return nil }
                pieces.append(piece)
            case "\\":
                guard let next = rest.popFirst() else { return nil }
                pieces.append(.letter(next))
            default: pieces.append(.letter(letter))
            }
        }
        self.pieces = pieces
    }

    func fits(_ path: String) -> Bool {
        var places = closure([Place(piece: 0)])
        for letter in path.unicodeScalars {
            if letter == "/", isEnd(places) { return true }
            places = closure(Set(places.flatMap { next($0, letter) }))
            if places.isEmpty { return false }
        }
        return isEnd(places)
    }

    private func isEnd(_ places: Set<Place>) -> Bool { places.contains(Place(piece: pieces.count)) }

    /// With the places that are reached by no letter at all.
    private func closure(_ places: Set<Place>) -> Set<Place> {
        var all = places
        for place in places where !place.isWithin {
            var piece = place.piece
            while piece < pieces.count, [.name, .anything, .folders].contains(pieces[piece]) {
                piece += 1
                all.insert(Place(piece: piece))
            }
        }
        return all
    }

    private func next(_ place: Place, _ letter: Unicode.Scalar) -> [Place] {
        guard place.piece < pieces.count else { return [] }
        let after = Place(piece: place.piece + 1)
        switch pieces[place.piece] {
        case .letter(let wanted): return letter == wanted ? [after] : []
        case .anyLetter: return letter == "/" ? [] : [after]
        case .name: return letter == "/" ? [] : [place]
        case .anything: return [place]
        case .folders:
            let within = Place(piece: place.piece, isWithin: true)
            return letter == "/" ? [within, after] : [within]
        case .oneOf(let ranges, let isNot):
            let isIn = ranges.contains { $0.contains(letter) }
            return letter != "/" && isIn != isNot ? [after] : []
        }
    }

    private static func oneOf(_ rest: inout Substring.UnicodeScalarView) -> Piece? {
        let isNot = rest.first == "^"
        if isNot { rest.removeFirst() }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let first = rest.first, first != "]" || ranges.isEmpty {
            guard let low = letter(&rest) else { return nil }
            var high = low
            if rest.first == "-" {
                rest.removeFirst()
                guard rest.first != "]", let end = letter(&rest) else { return nil }
                high = end
            }
            guard low <= high else { return nil }
            ranges.append(low...high)
        }
        return rest.popFirst() == "]" ? .oneOf(ranges, isNot: isNot) : nil
    }

    private static func letter(_ rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
        let letter = rest.popFirst()
        return letter == "\\" ? rest.popFirst() : letter
    }
}
