/// Users that belong to nobody: above what systemd gives to containers, below what is negative in
/// some programs. Houses on one machine take different parts of it.
enum SlotRange {
    private static let start = 1_900_000_000
    private static let houses = 10_000
    private static let places = 10_000

    static func first(for home: String) -> Int {
        let hash = home.utf8.reduce(5_381) { ($0 &* 33 ^ Int($1)) & 0xFFFF_FFFF }
        return start + hash % houses * places
    }
}
