// On the record a strategy is written as in a definition.
extension Strategy: Codable {
    private enum Word: String, CodingKey {
        case allAtOnce = "all-at-once"
        case rolling
        case blueGreen = "blue-green"
        case canary
        case linear
    }

    private struct Settings: Codable {
        var batch: Int?
        var minimumHealthy: Int?
        var maximum: Int?
        var steps: [Part]?
        var percent: Int?
        var every: Written?
        var bake: Written?
        var keep: Written?

        enum CodingKeys: String, CodingKey {
            case batch, maximum, steps, percent, every, bake, keep
            case minimumHealthy = "minimum-healthy"
        }
    }

    private struct Part: Codable {
        let percent: Int
        let time: Written
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Word.self)
        var settings = Settings()
        switch self {
        case .allAtOnce: try container.encode(settings, forKey: .allAtOnce)
        case .rolling(let batch, let minimum, let maximum):
            (settings.batch, settings.minimumHealthy, settings.maximum) = (batch, minimum, maximum)
            try container.encode(settings, forKey: .rolling)
        case .blueGreen(let bake, let keep):
            settings.bake = Written(wrappedValue: bake)
            settings.keep = Written(wrappedValue: keep)
            try container.encode(settings, forKey: .blueGreen)
        case .canary(let steps, let bake):
            settings.steps = steps.map {
                Part(percent: $0.percent, time: .init(wrappedValue: $0.time))
            }
            settings.bake = Written(wrappedValue: bake)
            try container.encode(settings, forKey: .canary)
        case .linear(let percent, let every, let bake):
            settings.percent = percent
            settings.every = Written(wrappedValue: every)
            settings.bake = Written(wrappedValue: bake)
            try container.encode(settings, forKey: .linear)
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Word.self)
        guard let word = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "it is no strategy"))
        }
        let settings = try container.decode(Settings.self, forKey: word)
        let bake = settings.bake?.wrappedValue ?? .zero
        switch word {
        case .allAtOnce: self = .allAtOnce
        case .rolling:
            self = .rolling(
                batch: settings.batch, minimumHealthy: settings.minimumHealthy,
                maximum: settings.maximum)
        case .blueGreen:
            self = .blueGreen(bake: bake, keep: settings.keep?.wrappedValue ?? .zero)
        case .canary:
            let steps = settings.steps ?? []
            self = .canary(
                steps: steps.map { CanaryStep(percent: $0.percent, time: $0.time.wrappedValue) },
                bake: bake)
        case .linear:
            self = .linear(
                percent: settings.percent ?? 100, every: settings.every?.wrappedValue ?? .zero,
                bake: bake)
        }
    }
}
