import Attempts

/// What is to be brought home from an attempt. It lies beside the spec, because whoever brings it
/// home need not be who started the attempt.
struct Harvest: Hashable, Sendable {
    struct Output: Hashable, Sendable {
        let name: String
        let path: String
    }

    var outputs: [Output] = []
    var exports: [String] = []
    /// The layers that the workspace began with.
    var layers: [String] = []

    /// The start of the machine in which it was begun: nothing of it is worth having in another.
    var boot = ""
    /// Caches that were empty and are to be kept.
    var caches: [CacheKey] = []

    /// Patterns of the test reports that it was to write.
    var reports: [String] = []
    /// The names of the secrets that it was handed: they are hidden in its reports.
    var secrets: [String] = []

    var isEmpty: Bool {
        outputs.isEmpty && exports.isEmpty && caches.isEmpty && reports.isEmpty
    }

    var fields: Fields {
        var fields = Fields()
        for output in outputs {
            var part = Fields()
            part.add("name", output.name)
            part.add("path", output.path)
            fields.add("output", part)
        }
        for name in exports { fields.add("export", name) }
        for layer in layers { fields.add("layer", layer) }
        fields.add("boot", boot)
        for cache in caches {
            var part = Fields()
            part.add("pipeline", cache.pipeline)
            part.add("line", cache.line)
            part.add("path", cache.path)
            part.add("key", cache.key)
            fields.add("cache", part)
        }
        for pattern in reports { fields.add("report", pattern) }
        for name in secrets { fields.add("secret", name) }
        return fields
    }

    init() {}

    init(_ fields: Fields) throws(FieldError) {
        for part in try fields.parts("output") {
            outputs.append(Output(name: try part.text("name"), path: try part.text("path")))
        }
        exports = fields.texts("export")
        layers = fields.texts("layer")
        boot = try fields.text("boot")
        for part in try fields.parts("cache") {
            caches.append(
                CacheKey(
                    pipeline: try part.text("pipeline"), line: try part.text("line"),
                    path: try part.text("path"), key: try part.text("key")))
        }
        reports = fields.texts("report")
        secrets = fields.texts("secret")
    }
}

extension AttemptFolder {
    /// Where that lies, written before the supervisor is started.
    var harvest: String { "\(path)/harvest" }
}
