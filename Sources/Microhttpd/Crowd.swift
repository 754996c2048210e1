/// Who is connected, and who of them has to give way.
///
/// A connection *waits* as long as no whole request of it is at work here: it may be about to send
/// one, a byte at a time, or nothing. All of them wait in one line, the longest first. When it is
/// full here, the longest waiting goes, and so does whoever has waited longer than is patient. So
/// however many connections say nothing, one that says what it wants is heard.
package struct Crowd {
    /// A place in the crowd, and which of those who had it after each other.
    package struct Ticket: Hashable, Sendable {
        package let place: UInt32
        package let turn: UInt32

        package var number: UInt64 { UInt64(turn) << 32 | UInt64(place) }
    }

    /// In the order in which they began to wait.
    private struct Line {
        var first: Int?
        var last: Int?
    }

    /// One of two lines that a connection is in: all, and those of its address.
    private struct Links {
        var before: Int?
        var after: Int?
    }

    private struct Place {
        var turn: UInt32 = 0
        var group = 0
        var isTaken = false
        var isWaiting = false
        var since = 0
        var all = Links()
        var own = Links()
    }

    private struct Group {
        let address: String
        var count = 0
        var line = Line()
    }

    package let limit: Int
    package let limitOfAddress: Int
    /// In milliseconds.
    package let patience: Int
    package private(set) var count = 0
    private var places: [Place] = []
    private var freePlaces: [Int] = []
    private var groups: [Group] = []
    private var freeGroups: [Int] = []
    private var groupOfAddress: [String: Int] = [:]
    private var line = Line()

    package init(limit: Int, limitOfAddress: Int, patience: Int) {
        self.limit = limit
        self.limitOfAddress = limitOfAddress
        self.patience = patience
    }

    /// Nobody waits.
    package var isCalm: Bool { line.first == nil }

    /// When the patience with the longest waiting ends.
    package var deadline: Int? { line.first.map { places[$0].since + patience } }

    /// Takes in a connection, which waits. Whoever has to go for it is given back, once: it stays
    /// counted until it has left. An address is limited if it is one client's: a proxy's is not.
    package mutating func enter(
        from address: String, isLimited: Bool, now: Int
    ) -> (ticket: Ticket, leaving: [Ticket]) {
        let group = groupOfAddress[address] ?? newGroup(address)
        let index = freePlaces.popLast() ?? newPlace()
        places[index].turn &+= 1
        places[index].group = group
        places[index].isTaken = true
        groups[group].count += 1
        count += 1
        let ticket = Ticket(place: UInt32(index), turn: places[index].turn)
        join(index, now: now)
        var leaving: [Ticket] = []
        if isLimited, groups[group].count > limitOfAddress, let first = groups[group].line.first {
            leaving.append(dismiss(first))
        }
        if count > limit, leaving.isEmpty, let first = line.first { leaving.append(dismiss(first)) }
        return (ticket, leaving)
    }

    /// A whole request has come.
    package mutating func serve(_ ticket: Ticket) {
        guard let index = index(of: ticket), places[index].isWaiting else { return }
        quit(index)
    }

    /// The answer has gone, and the next request may come.
    package mutating func wait(_ ticket: Ticket, now: Int) {
        guard let index = index(of: ticket), !places[index].isWaiting else { return }
        join(index, now: now)
    }

    package mutating func leave(_ ticket: Ticket) {
        guard let index = index(of: ticket) else { return }
        if places[index].isWaiting { quit(index) }
        places[index].isTaken = false
        freePlaces.append(index)
        count -= 1
        let group = places[index].group
        groups[group].count -= 1
        if groups[group].count == 0 {
            groupOfAddress[groups[group].address] = nil
            freeGroups.append(group)
        }
    }

    /// Those whose time is over. They are given once, and stay counted until they have left.
    package mutating func overdue(now: Int) -> [Ticket] {
        var overdue: [Ticket] = []
        while let first = line.first, places[first].since + patience <= now {
            overdue.append(dismiss(first))
        }
        return overdue
    }

    /// All who wait.
    package mutating func dismissAll() -> [Ticket] {
        var all: [Ticket] = []
        while let first = line.first { all.append(dismiss(first)) }
        return all
    }

    private func index(of ticket: Ticket) -> Int? {
        let index = Int(ticket.place)
        guard places.indices.contains(index), places[index].isTaken,
            places[index].turn == ticket.turn
        else { return nil }
        return index
    }

    private mutating func newPlace() -> Int {
        places.append(Place())
        return places.count - 1
    }

    private mutating func newGroup(_ address: String) -> Int {
        let group = Group(address: address)
        let index = freeGroups.popLast() ?? groups.count
        if index == groups.count { groups.append(group) } else { groups[index] = group }
        groupOfAddress[address] = index
        return index
    }

    private mutating func dismiss(_ index: Int) -> Ticket {
        quit(index)
        return Ticket(place: UInt32(index), turn: places[index].turn)
    }

    private mutating func join(_ index: Int, now: Int) {
        places[index].isWaiting = true
        // A clock that goes back would break the order of the line.
        places[index].since = max(now, line.last.map { places[$0].since } ?? now)
        let group = places[index].group
        places[index].all = Links(before: line.last)
        places[index].own = Links(before: groups[group].line.last)
        if let last = line.last { places[last].all.after = index } else { line.first = index }
        line.last = index
        if let last = groups[group].line.last {
            places[last].own.after = index
        } else {
            groups[group].line.first = index
        }
        groups[group].line.last = index
    }

    private mutating func quit(_ index: Int) {
        places[index].isWaiting = false
        let group = places[index].group
        let (all, own) = (places[index].all, places[index].own)
        if let before = all.before { places[before].all.after = all.after }
        if let after = all.after { places[after].all.before = all.before }
        if line.first == index { line.first = all.after }
        if line.last == index { line.last = all.before }
        if let before = own.before { places[before].own.after = own.after }
        if let after = own.after { places[after].own.before = own.before }
        if groups[group].line.first == index { groups[group].line.first = own.after }
        if groups[group].line.last == index { groups[group].line.last = own.before }
    }
}
