import Addresses
package import Attempts
import Git

// Jobs as they go over the line.
extension CourierJob {
    package var fields: Fields {
        var fields = Fields()
        switch self {
        case .look(let look):
            fields = look.fields
            fields.add("job", "look")
        case .round(let looks, let time):
            fields.add("job", "round")
            fields.add("milliseconds", Int(time / .milliseconds(1)))
            for look in looks { fields.add("look", look.fields) }
        case .tag(let question):
            fields = question.fields
            fields.add("job", "tag")
        case .fetch(let names):
            fields.add("job", "fetch")
            for name in names { fields.add("ref", name) }
        case .news(let question):
            fields.add("job", "news")
            fields.add("mirror", question.mirror)
            fields.add("tip", question.tip.description)
            fields.add("before", question.before?.description)
            for id in question.seen { fields.add("seen", id.description) }
            fields.add("paths", question.wantsPaths ? 1 : 0)
        case .write(let writing):
            fields.add("job", "write")
            fields.add("mirror", writing.mirror)
            fields.add("commit", writing.commit.description)
            fields.add("trees", writing.trees)
            fields.add("boot", writing.boot)
            fields.add("submodules", writing.submodules)
            fields.add(writing.address, writing.access, writing.policy)
        case .compare(let mirror, let from, let to):
            fields.add("job", "compare")
            fields.add("mirror", mirror)
            fields.add("from", from.description)
            fields.add("to", to.description)
        case .find(let mirror, let digits, let tips):
            fields.add("job", "find")
            fields.add("mirror", mirror)
            fields.add("digits", digits)
            for tip in tips { fields.add("tip", "\(tip.commit) \(tip.name)") }
        case .repack(let mirror, let commits):
            fields.add("job", "repack")
            fields.add("mirror", mirror)
            for commit in commits { fields.add("keep", commit.description) }
        case .forget(let mirror):
            fields.add("job", "forget")
            fields.add("mirror", mirror)
        }
        return fields
    }

    package init(_ fields: Fields) throws {
        switch try fields.text("job") {
        case "look": self = .look(try Look(fields))
        case "round":
            self = .round(
                try fields.parts("look").map { try Look($0) },
                .milliseconds(try fields.number("milliseconds")))
        case "tag": self = .tag(try TagQuestion(fields))
        case "fetch": self = .fetch(fields.texts("ref"))
        case "news":
            self = .news(
                Question(
                    mirror: try fields.text("mirror"), tip: try fields.id("tip"),
                    before: fields.all("before").isEmpty ? nil : try fields.id("before"),
                    seen: fields.texts("seen").compactMap { ObjectID($0) },
                    wantsPaths: try fields.number("paths") == 1))
        case "write":
            self = .write(
                Writing(
                    mirror: try fields.text("mirror"), commit: try fields.id("commit"),
                    trees: try fields.text("trees"), boot: try fields.text("boot"),
                    from: try fields.address, try fields.access, fields.policy,
                    submodules: try fields.text("submodules")))
        case "compare":
            self = .compare(
                mirror: try fields.text("mirror"), from: try fields.id("from"),
                to: try fields.id("to"))
        case "find":
            self = .find(
                mirror: try fields.text("mirror"), digits: try fields.text("digits"),
                among: fields.texts("tip").compactMap(Tip.init(line:)))
        case "repack":
            self = .repack(
                mirror: try fields.text("mirror"),
                keeping: fields.texts("keep").compactMap { ObjectID($0) })
        case "forget": self = .forget(mirror: try fields.text("mirror"))
        case let job: throw FieldError("there is no job '\(job)'")
        }
    }
}

extension CourierJob.Look {
    fileprivate var fields: Fields {
        var fields = Fields()
        fields.add(address, access, policy)
        fields.add("mirror", mirror)
        fields.add("sweeps", sweeps ? 1 : 0)
        return fields
    }

    fileprivate init(_ fields: Fields) throws {
        self.init(
            try fields.address, try fields.access, fields.policy,
            mirror: fields.texts("mirror").first, sweeps: try fields.number("sweeps") == 1)
    }
}

extension CourierJob.Tip {
    fileprivate init?(line: String) {
        guard let space = line.firstIndex(of: " "), let id = ObjectID(String(line[..<space]))
        else { return nil }
        self.init(name: String(line[line.index(after: space)...]), commit: id)
    }
}

extension Access {
    fileprivate var fields: Fields {
        var fields = Fields()
        switch credential {
        case .nothing: break
        case .password(let user, let secret):
            fields.add("user", user)
            fields.add("password", secret)
        case .key(let user, let text, let passphrase):
            fields.add("user", user)
            fields.add("key", text)
            fields.add("passphrase", passphrase)
        }
        fields.add("authorities", authorities)
        fields.add("known-hosts", knownHosts)
        return fields
    }

    fileprivate init(_ fields: Fields) throws {
        let user = fields.texts("user").first
        let credential: Credential =
            if let secret = fields.texts("password").first {
                .password(user: user ?? "", secret: secret)
            } else if let key = fields.texts("key").first {
                .key(user: user, text: key, passphrase: fields.texts("passphrase").first)
            } else {
                .nothing
            }
        self.init(
            credential, authorities: fields.texts("authorities").first,
            knownHosts: try fields.text("known-hosts"))
    }
}

extension Fields {
    fileprivate mutating func add(
        _ address: RemoteAddress, _ access: Access, _ policy: FetchPolicy
    ) {
        add("address", address.description)
        add("access", access.fields)
        for place in policy.addresses.allowed.map(\.rawValue).sorted() { add("allowed", place) }
        // None named is none allowed; that they are all allowed has to be said.
        switch policy.folders {
        case .anywhere: add("folders", "anywhere")
        case .within(let folders): for folder in folders { add("folder", folder) }
        }
    }

    fileprivate var address: RemoteAddress {
        get throws { try RemoteAddress(parsing: try text("address")) }
    }

    fileprivate var access: Access {
        get throws { try Access(Fields(parsing: all("access").first ?? [])) }
    }

    fileprivate var policy: FetchPolicy {
        FetchPolicy(
            AddressPolicy(
                allowing: Set(texts("allowed").compactMap { IPAddress.Place(rawValue: $0) })),
            folders: texts("folders") == ["anywhere"] ? .anywhere : .within(texts("folder")))
    }

    func id(_ name: String) throws(FieldError) -> ObjectID {
        guard let id = ObjectID(try text(name)) else {
            throw FieldError("'\(name)' is no commit")
        }
        return id
    }
}
