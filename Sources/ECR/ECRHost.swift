package import AWS

/// What the host of an image's name says of who keeps it.
package enum ECRHost: Hashable, Sendable {
    case registry(ECRRegistry)
    /// Amazon's gallery for everybody, which is another service.
    case publicGallery
    /// None of Amazon's.
    case other

    package init(_ host: String) {
        let host = host.lowercased()
        if host == "public.ecr.aws" || host.hasSuffix(".public.ecr.aws") {
            self = .publicGallery
        } else if let registry = ECRRegistry(host: host) {
            self = .registry(registry)
        } else {
            self = .other
        }
    }

    /// Whose registry it is.
    package var account: String? {
        if case .registry(let registry) = self { registry.account } else { nil }
    }

    package static let galleryProblem = AWSProblem(
        .settings, "images are not pushed to Amazon's public gallery ('public.ecr.aws') from here",
        hint: "name a registry of your own, as in "
            + "'123456789012.dkr.ecr.eu-west-1.amazonaws.com/name'; pulling needs no login")
}

/// A registry of one account in one region.
package struct ECRRegistry: Hashable, Sendable {
    package let account: String
    package let region: String

    package init?(account: String, region: String) {
        guard account.utf8.count == 12, account.utf8.allSatisfy({ 48...57 ~= $0 }),
            region.isNameOfRegion
        else { return nil }
        self.account = account
        self.region = region
    }

    /// Such as `123456789012.dkr.ecr.eu-west-1.amazonaws.com`. The whole of it has to be right:
    /// a password goes there.
    init?(host: String) {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 5 else { return nil }
        let service = parts[1]
        let region: String
        let suffix: ArraySlice<String>
        if service == "dkr", ["ecr", "ecr-fips"].contains(parts[2]) {
            region = parts[3]
            suffix = parts[4...]
        } else if ["dkr-ecr", "dkr-ecr-fips"].contains(service), parts.count == 5 {
            // The dual-stack ones.
            self.init(account: parts[0], region: parts[2])
            guard parts[3...] == ["on", "aws"] else { return nil }
            return
        } else {
            return nil
        }
        guard suffix.joined(separator: ".") == Partition.suffix(of: region) else { return nil }
        self.init(account: parts[0], region: region)
    }
}
