package import Engine
import Images
package import Pipelines

/// What somebody means who names a revision of an image: its tag, or a digest, of which the first
/// digits will do. Only what the house has seen under the source's tag counts, so that whoever may
/// start a pipeline can have it use no image that its author has left out.
package enum ImageChoice {
    private static let fewestDigits = 4
    private static let algorithm = "sha256:"

    package static func find(
        _ text: String, of source: SourceName, _ origin: ImageOrigin, in pipeline: PipelineState
    ) throws(Refusal) -> Revision {
        let latest = [pipeline.sources[source]?.latest].compactMap(\.self)
        let seen = (latest + pipeline.executions.reversed().flatMap(\.revisions)).filter {
            $0.source == source && $0.image?.repository == origin.repository
                && $0.ref == "\(origin.tag)"
        }
        if text == "\(origin.tag)" || text == "\(origin)", let newest = seen.first { return newest }
        let digits = text.hasPrefix(algorithm) ? text.dropFirst(algorithm.count) : text[...]
        let found =
            digits.utf8.count < fewestDigits
            ? [] : seen.filter { $0.image?.digest.hex.hasPrefix(digits) == true }
        guard let first = found.first else {
            throw Refusal(
                .invalid, "'\(Report.visible(text))' of '\(source)' was never seen",
                hint: "give the tag '\(origin.tag)', or a digest that the house has seen under it")
        }
        guard Set(found.map(\.id)).count == 1 else {
            throw Refusal(
                .invalid, "'\(Report.visible(text))' of '\(source)' is the beginning of several",
                hint: "give more digits")
        }
        return first
    }
}
