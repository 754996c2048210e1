import Support

extension TestSocket {
    /// A door as a state tells it.
    convenience init(door: String) throws {
        let parts = door.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1]) else { throw Failed(code: 0) }
        try self.init(to: port, at: String(parts[0]))
    }
}
