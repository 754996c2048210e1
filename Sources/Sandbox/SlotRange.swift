/// Users that belong to nobody: above what systemd gives to containers, below what is negative in
/// some programs. Houses on one machine take different parts of it.
package enum SlotRange {
    private static let start = 1_900_000_000
    private static let houses = 10_000
    private static let places = 10_000
    /// As many are for attempts, which come and go; the rest for instances of services.
    private static let placesOfAttempts = 5_000

    /// The wanted one, counted from the house's first, or else the next that nobody has.
    package static func free(for home: String, at place: Int?, besides taken: Set<Int?>) -> Int? {
        let first = first(for: home)
        if let place, !taken.contains(first + place) { return first + place }
        return (first...).first { !taken.contains($0) }
    }

    package static func first(for home: String) -> Int {
        let hash = home.utf8.reduce(5_381) { ($0 &* 33 ^ Int($1)) & 0xFFFF_FFFF }
        return start + hash % houses * places
    }

    package static func firstOfInstances(for home: String) -> Int {
        first(for: home) + placesOfAttempts
    }
}
