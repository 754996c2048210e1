import Couriers
import Glibc
import SmallFiles

extension PackTally {
    /// Of the mirror that is there; nothing is opened.
    init(of mirror: String) {
        let folder = "\(mirror)/objects/pack"
        let packs = SmallFile.names(in: folder).filter { $0.hasSuffix(".pack") }
        // Most are few, and of those no size matters.
        guard packs.count >= Self.many else {
            self.init([])
            return
        }
        self.init(
            packs.map { name in
                var status = stat()
                return unsafe stat("\(folder)/\(name)", &status) == 0 ? Int(status.st_size) : 0
            })
    }
}
