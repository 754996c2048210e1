extension ImageSpec {
    var fields: Fields {
        var fields = Fields()
        switch content {
        case .build(let build): fields.add("build", build.fields)
        case .archive(let path): fields.add("archive", path ?? "")
        }
        for label in labels { fields.add("label", label.fields) }
        fields.add("repository", repository)
        for tag in tags { fields.add("tag", tag) }
        fields.add("container", container)
        fields.add("fail-on", failOn)
        fields.add("committed-at", committedAt)
        fields.add("registry", registry.fields)
        fields.add("memory", memory)
        fields.add("outputs", outputs)
        return fields
    }

    init(_ fields: Fields) throws(FieldError) {
        let content: Content
        if let part = try fields.parts("build").first {
            content = .build(try ImageBuildSpec(part))
        } else {
            let path = try fields.text("archive")
            content = .archive(path: path.isEmpty ? nil : path)
        }
        self.init(content, repository: try fields.text("repository"))
        for part in try fields.parts("label") { labels.append(try Setting(part)) }
        tags = fields.texts("tag")
        container = fields.texts("container").first
        failOn = fields.texts("fail-on").first
        committedAt = try fields.numberIfThere("committed-at")
        if let part = try fields.parts("registry").first { registry = try RegistrySpec(part) }
        memory = fields.texts("memory").first
        outputs = fields.texts("outputs").first
    }
}

extension ImageSpec.Setting {
    fileprivate var fields: Fields {
        var fields = Fields()
        fields.add("name", name)
        fields.add("value", value)
        return fields
    }

    fileprivate init(_ fields: Fields) throws(FieldError) {
        self.init(name: try fields.text("name"), value: try fields.text("value"))
    }
}

extension ImageBuildSpec {
    fileprivate var fields: Fields {
        var fields = Fields()
        if case .engine(let socket, let house) = builder {
            fields.add("socket", socket)
            fields.add("house", house)
        }
        fields.add("folder", folder)
        fields.add("dockerfile", dockerfile)
        fields.add("target", target)
        for argument in arguments { fields.add("argument", argument.fields) }
        for platform in platforms { fields.add("platform", platform) }
        for image in cacheFrom { fields.add("cache-from", image) }
        fields.add("cache-to", cacheTo)
        for base in bases { fields.add("base", base.fields) }
        for stage in stages { fields.add("stage", stage.fields) }
        fields.add("base-memory", baseMemory)
        if let cache { fields.add("cache", cache.fields) }
        return fields
    }

    fileprivate init(_ fields: Fields) throws(FieldError) {
        self.init(
            by: try fields.texts("socket").first.map { socket throws(FieldError) in
                .engine(socket: socket, house: try fields.text("house"))
            } ?? .buildah,
            dockerfile: try fields.text("dockerfile"))
        folder = fields.texts("folder").first
        target = fields.texts("target").first
        for part in try fields.parts("argument") {
            arguments.append(try ImageSpec.Setting(part))
        }
        platforms = fields.texts("platform")
        cacheFrom = fields.texts("cache-from")
        cacheTo = fields.texts("cache-to").first
        for part in try fields.parts("base") { bases.append(try ImageBaseSpec(part)) }
        for part in try fields.parts("stage") { stages.append(try ImageStageSpec(part)) }
        baseMemory = fields.texts("base-memory").first
        if let part = try fields.parts("cache").first { cache = try BuildCacheSpec(part) }
    }
}

extension BuildCacheSpec {
    fileprivate var fields: Fields {
        var fields = Fields()
        fields.add("shelf", shelf)
        fields.add("room", room)
        for word in name { fields.add("name", word) }
        return fields
    }

    fileprivate init(_ fields: Fields) throws(FieldError) {
        self.init(
            shelf: try fields.text("shelf"), room: try fields.number("room"),
            name: fields.texts("name"))
    }
}

extension ImageBaseSpec {
    fileprivate var fields: Fields {
        var fields = Fields()
        fields.add("reference", reference)
        fields.add("platform", platform)
        for target in targets { fields.add("target", "\(target)") }
        fields.add("registry", registry.fields)
        fields.add("credential", credential)
        fields.add("anywhere", isAnywhere ? 1 : 0)
        return fields
    }

    fileprivate init(_ fields: Fields) throws(FieldError) {
        self.init(try fields.text("reference"), for: try fields.text("platform"))
        targets = fields.texts("target").compactMap { Int($0) }
        if let part = try fields.parts("registry").first { registry = try RegistrySpec(part) }
        credential = fields.texts("credential").first
        isAnywhere = try fields.number("anywhere") == 1
    }
}

extension ImageStageSpec {
    fileprivate var fields: Fields {
        var fields = Fields()
        fields.add("target", target)
        fields.add("line", line)
        fields.add("platform", platform)
        return fields
    }

    fileprivate init(_ fields: Fields) throws(FieldError) {
        self.init(
            target: try fields.number("target"), line: try fields.number("line"),
            platform: try fields.text("platform"))
    }
}

extension RegistrySpec {
    package var fields: Fields {
        var fields = Fields()
        fields.add("plain", isPlain ? 1 : 0)
        fields.add("authority", authority)
        if let aws { fields.add("aws", aws.fields) }
        return fields
    }

    package init(_ fields: Fields) throws(FieldError) {
        self.init()
        isPlain = try fields.number("plain") == 1
        authority = fields.texts("authority").first
        if let part = try fields.parts("aws").first { aws = try AWSSpec(part) }
    }
}

extension AWSSpec {
    fileprivate var fields: Fields {
        var fields = Fields()
        fields.add("profile", profile)
        fields.add("endpoint", endpoint)
        if let create { fields.add("create", create.fields) }
        return fields
    }

    fileprivate init(_ fields: Fields) throws(FieldError) {
        self.init()
        profile = fields.texts("profile").first
        endpoint = fields.texts("endpoint").first
        if let part = try fields.parts("create").first { create = try NewRepository(part) }
    }
}

extension AWSSpec.NewRepository {
    fileprivate var fields: Fields {
        var fields = Fields()
        fields.add("immutable", isImmutable ? 1 : 0)
        fields.add("scan-on-push", scansOnPush ? 1 : 0)
        fields.add("kms", isKMS ? 1 : 0)
        fields.add("kms-key", kmsKey)
        fields.add("lifecycle", lifecycle)
        return fields
    }

    fileprivate init(_ fields: Fields) throws(FieldError) {
        self.init(
            isImmutable: try fields.number("immutable") == 1,
            scansOnPush: try fields.number("scan-on-push") == 1,
            isKMS: try fields.number("kms") == 1, kmsKey: fields.texts("kms-key").first,
            lifecycle: fields.texts("lifecycle").first)
    }
}
