package import Pipelines

/// What AWS runs, and puts into its place by itself: it is told which version is to be there, and
/// tells how far it is.
package struct Handover: Hashable, Sendable, Codable {
    package let ecs: ECSRule
    /// By its digest: `registry.example.com/shop@sha256:…`.
    package let image: String
    /// The digest of the artifact that definitions are made from.
    package let templates: String?

    package init(_ ecs: ECSRule, image: String, templates: String?) {
        self.ecs = ecs
        self.image = image
        self.templates = templates
    }
}
