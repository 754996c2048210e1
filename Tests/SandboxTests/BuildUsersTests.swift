import Sandbox
import Testing

@Suite("The users of a build") struct BuildUsersTests {
    private let nobody = GrantedNumbers("")

    @Test func `are others in each slot, and none that a host, a slot or systemd gives`() throws {
        var last: UserRange?
        // The first house's slots, and the last's.
        for first in [1_900_000_000, 1_999_990_000] {
            for slot in first..<first + 256 {
                let range = try #require(UserRange(slot: slot))
                #expect(range.first >= 1 << 31 && range.count == UserRange.full)
                #expect(UInt64(range.first) + UInt64(range.count) < 1 << 32 - 2)
                if let last { #expect(!range.overlaps(last)) }
                last = range
            }
            #expect(UserRange(slot: first + 256) == nil)
        }
    }

    @Test(
        "overlap where they have one number in common",
        arguments: [
            (100, 10, 110, 5, false), (100, 10, 109, 5, true), (100, 10, 90, 10, false),
            (100, 10, 90, 11, true), (100, 10, 103, 1, true), (4_294_900_000, 60_000, 5, 1, false),
        ] as [(UInt32, UInt32, UInt32, UInt32, Bool)])
    func overlap(first: UInt32, count: UInt32, other: UInt32, others: UInt32, expected: Bool) {
        let (one, two) = (
            UserRange(first: first, count: count), UserRange(first: other, count: others)
        )
        #expect(one.overlaps(two) == expected && two.overlaps(one) == expected)
    }

    /// 127 houses on, and it is the same by the numbers alone.
    @Test func `are never those of another house's build that runs`() {
        var taken: Set<UserRange> = []
        let take = { (range: UserRange) in taken.insert(range).inserted }
        let slots = [1_900_000_003, 1_900_000_003 + 127 * 10_000, 1_900_010_003]
        let users = slots.map { BuildUsers.ofSlot($0, nobody, nobody, taking: take) }
        #expect(users.allSatisfy(\.isRange) && Set(users).count == 3)
        let none = BuildUsers.ofSlot(1_900_000_003, nobody, nobody) { _ in false }
        #expect(
            none.lack
                == "there is no user but root where it is built, because other builds on this "
                + "machine have all that there are; see that root can write in /run/slipway-users")
    }

    @Test func `are not those that the machine has given to somebody`() throws {
        let range = try #require(UserRange(slot: 1_900_000_003))
        let given = GrantedNumbers("ann:100000:65536\nbob:\(range.first + 9):1\n")
        #expect(BuildUsers.ofSlot(1_900_000_003, nobody, nobody) { _ in true }.lack == nil)
        for users in [
            BuildUsers.ofSlot(1_900_000_003, given, nobody) { _ in true },
            BuildUsers.ofSlot(1_900_000_003, nobody, given) { _ in true },
        ] {
            #expect(
                users.lack
                    == "there is no user but root where it is built, because 'bob' has been given "
                    + "the users that would be its own; give others, below 2147483648, in "
                    + "/etc/subuid and /etc/subgid")
        }
    }

    @Test func `of an ordinary user are the largest range by name or number`() {
        let given = GrantedNumbers(
            "# a comment\nann:100000:1000\nzoe:1:2:3\nann:x:1\n1000:200000:70000\nbob:5:90000\n")
        let expected = UserRange(first: 200_000, count: 65_535)
        #expect(
            BuildUsers.ofUser(["ann", "1000"], given, given, hasPrograms: true)
                == .range(users: expected, groups: expected))
        #expect(
            BuildUsers.ofUser(["ann"], given, given, hasPrograms: true)
                == .range(
                    users: UserRange(first: 100_000, count: 1_000),
                    groups: UserRange(first: 100_000, count: 1_000)))
    }

    @Test func `of an ordinary user without a range are none, and what to do is said`() {
        let given = GrantedNumbers("ann:100000:65536\n")
        #expect(
            BuildUsers.ofUser(["ann", "1000"], given, given, hasPrograms: false).lack
                == "there is no user but root where it is built, because newuidmap is not "
                + "installed; as root: apt-get install uidmap")
        for users in [
            BuildUsers.ofUser(["zoe", "1001"], given, given, hasPrograms: true),
            BuildUsers.ofUser(["zoe", "1001"], given, nobody, hasPrograms: true),
        ] {
            #expect(
                users.lack
                    == "there is no user but root where it is built, because /etc/subuid and "
                    + "/etc/subgid give 'zoe' none; as root, with numbers that nobody has: "
                    + "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 zoe")
        }
    }

    @Test func `are looked for under all names that a number has`() {
        let text = "root:x:0:0::/:/bin/sh\nann:x:1000:1000::/:/bin/sh\nanna:x:1000:1:::\nbad\n"
        #expect(BuildUsers.names(of: 1_000, in: text) == ["ann", "anna", "1000"])
        #expect(BuildUsers.names(of: 7, in: text) == ["7"])
    }
}
