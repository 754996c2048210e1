package import JSON

/// What `imageDetail.json` tells of an image, in the words of CodePipeline's source action for ECR.
/// Of one that was only looked at, nobody knows how large it is and when it was pushed.
package struct ImageDetail: Hashable, Sendable {
    private let image: PinnedImage
    private let tags: [String]
    private let size: Int?
    private let pushedAt: String?
    private let account: String?

    /// `account` is whose registry of AWS it is in.
    package init(
        _ image: PinnedImage, tags: [String], size: Int? = nil, pushedAt: String? = nil,
        account: String? = nil
    ) {
        self.image = image
        self.tags = tags
        self.size = size
        self.pushedAt = pushedAt
        self.account = account
    }

    package var json: JSON {
        let size = size.map { JSON.Member("ImageSizeInBytes", .string("\($0)")) }
        let pushedAt = pushedAt.map { JSON.Member("ImagePushedAt", .string($0)) }
        let account = account.map { JSON.Member("RegistryId", .string($0)) }
        let members: [JSON.Member?] = [
            size, .init("ImageDigest", .string("\(image.digest)")), .init("Version", "1.0"),
            pushedAt, account, .init("RepositoryName", .string(image.repository.path)),
            .init("ImageURI", .string("\(image)")),
            .init("ImageTags", .array(tags.map { .string($0) })),
        ]
        return .object(members.compactMap(\.self))
    }
}
