/// What a file such as `/etc/subuid` says: which numbers this machine has given to whom.
package struct GrantedNumbers {
    private var grants: [(owner: Substring, range: UserRange)] = []

    package init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 3, let first = UInt32(parts[1]), let count = UInt32(parts[2]),
                count > 0
            else { continue }
            grants.append((parts[0], UserRange(first: first, count: count)))
        }
    }

    /// As many as a build can use of the largest range of somebody, who is named or numbered.
    package func range(of names: [String]) -> UserRange? {
        let own = grants.filter { names.contains(String($0.owner)) }.map(\.range)
        guard let largest = own.max(by: { $0.count < $1.count }) else { return nil }
        return UserRange(first: largest.first, count: min(largest.count, UserRange.full))
    }

    /// Who else has some of them.
    package func owner(within range: UserRange) -> Substring? {
        grants.first { $0.range.overlaps(range) }?.owner
    }
}
