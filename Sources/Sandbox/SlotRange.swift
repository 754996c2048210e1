/// Users that belong to nobody: above what systemd gives to containers, below what is negative in
/// some programs. Houses on one machine take different parts of it.
package enum SlotRange {
    private static let start = 1_900_000_000
    private static let houses = 10_000
    private static let places = 10_000
    /// As many are for attempts, which come and go; the rest for instances of services.
    private static let placesOfAttempts = 5_000

    package static func first(for home: String) -> Int {
        let hash = home.utf8.reduce(5_381) { ($0 &* 33 ^ Int($1)) & 0xFFFF_FFFF }
        return start + hash % houses * places
    }

    package static func firstOfInstances(for home: String) -> Int {
        first(for: home) + placesOfAttempts
    }
}
