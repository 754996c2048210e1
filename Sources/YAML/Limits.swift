/// What a document may be at most. A definition that a person wrote is far below; one that is made
/// to hurt ends here, with a place and a reason.
package enum Limits {
    package static let bytes = 4 << 20
    package static let depth = 64
    package static let nodes = 200_000
}
