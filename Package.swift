// swift-tools-version: 6.3
import PackageDescription

let upcoming = [
    "ExistentialAny", "ImmutableWeakCaptures", "InferIsolatedConformances",
    "InternalImportsByDefault", "MemberImportVisibility", "NonisolatedNonsendingByDefault",
]
let strict: [SwiftSetting] =
    [.strictMemorySafety(), .treatAllWarnings(as: .error)]
    + upcoming.map { .enableUpcomingFeature($0) }

/// A floor of the house: it may import what it names here and nothing else.
func floor(_ name: String, on below: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: below, swiftSettings: strict)
}

func trial(_ name: String, on below: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: below, path: "Trials/\(name)", swiftSettings: strict)
}

/// What is shipped brings its Swift runtime with it: a start then has fewer names to find and fewer
/// pages to take in.
let whole: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-static-stdlib", "-use-ld=lld",
            // What FoundationEssentials needs, and does not say.
            "-l_FoundationCShims", "-l_FoundationCollections", "-lswiftSynchronization",
        ]
            + ["--no-export-dynamic", "--icf=safe", "-z", "pack-relative-relocs"]
            .flatMap { ["-Xlinker", $0] },
        .when(configuration: .release))
]

func library(_ name: String, pkgConfig: String, debian package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

func tests(
    of name: String, with also: [Target.Dependency] = [], beside data: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + also, exclude: data,
        swiftSettings: strict)
}

let package = Package(
    name: "slipway",
    products: [.executable(name: "slipway", targets: ["slipway"])],
    targets: [
        // ground: module maps only
        library("CYAML", pkgConfig: "yaml-0.1", debian: "libyaml-dev"),
        library("CSQLite", pkgConfig: "sqlite3", debian: "libsqlite3-dev"),
        library("CCrypto", pkgConfig: "libcrypto", debian: "libssl-dev"),
        library("CGit2", pkgConfig: "libgit2", debian: "libgit2-dev"),

        library("CExpat", pkgConfig: "expat", debian: "libexpat1-dev"),
        library("CDeflate", pkgConfig: "libdeflate", debian: "libdeflate-dev"),
        library("CZstd", pkgConfig: "libzstd", debian: "libzstd-dev"),
        library("CNghttp2", pkgConfig: "libnghttp2", debian: "libnghttp2-dev"),
        library("CSeccomp", pkgConfig: "libseccomp", debian: "libseccomp-dev"),
        library("CMicrohttpd", pkgConfig: "libmicrohttpd", debian: "libmicrohttpd-dev"),
        .systemLibrary(name: "CSystem"),
        // ground of our own: what has to be C, because it stands between fork and exec
        .target(name: "CLaunch"),
        // because it stands in the place of a function of the C library
        .target(name: "CReach"),
        // and because it finds a library's functions by their names
        .target(name: "CCurl"),

        // materials: one C library each, made safe; they know nothing of pipelines
        floor("SmallFiles"),
        floor("YAML", on: ["CYAML"]),
        floor("JSON"),
        floor("Zones"),
        floor("SQLite", on: ["CSQLite"]),
        floor("Cryptography", on: ["CCrypto"]),
        floor("Git", on: ["CGit2", "Cryptography", "SmallFiles"]),
        floor("HTTP", on: ["JSON"]),
        floor("Addresses"),
        floor("Threads", on: ["CSystem"]),
        floor("Doors", on: ["CSystem", "Threads"]),
        floor("Microhttpd", on: ["CMicrohttpd", "CSystem", "Addresses", "HTTP", "Threads"]),
        floor("Curl", on: ["CCurl", "Addresses", "HTTP"]),
        floor("Grpc", on: ["CNghttp2", "HTTP"]),
        floor("Balancer", on: ["Addresses", "SmallFiles"]),
        floor("Tar"),
        floor("Docker", on: ["Cryptography", "Curl", "Grpc", "HTTP", "JSON", "Tar"]),
        floor("Gzip", on: ["CDeflate"]),

        // mind: values and functions; no file, no clock, no random number
        floor("Images", on: ["Cryptography", "HTTP", "JSON"]),
        floor("Pipelines", on: ["YAML", "JSON", "Images"]),
        floor("People", on: ["Cryptography", "Pipelines"]),
        floor("Deployment", on: ["Pipelines"]),
        floor("Engine", on: ["Cryptography", "Images", "Pipelines", "People", "Deployment"]),
        floor("Assignments", on: ["Zones", "Pipelines", "Deployment", "Engine"]),
        floor("Masking"),
        floor("Webhooks", on: ["Cryptography", "JSON"]),
        floor("Watching", on: ["Zones", "Images", "Pipelines", "Engine"]),
        floor("Notices", on: ["JSON", "Zones", "Pipelines", "Engine"]),

        // hands: one kind of effect each
        floor("Attempts"),
        floor("Logs", on: ["CZstd"]),
        floor("TestReports", on: ["CExpat", "Masking", "Attempts"]),
        floor("Artifacts", on: ["CSystem", "SmallFiles", "Cryptography"]),
        floor("Sandbox", on: ["CLaunch", "CSeccomp", "CSystem", "SmallFiles", "Attempts"]),
        floor(
            "Supervising",
            on: ["CLaunch", "SmallFiles", "Masking", "Attempts", "Logs"]),
        floor("Commands", on: ["CLaunch", "Images", "Attempts", "Logs", "Sandbox", "Supervising"]),
        floor(
            "Serving",
            on: [
                "SmallFiles", "Threads", "Doors", "Masking", "Attempts", "Logs", "Sandbox",
                "Supervising", "Commands",
            ]),
        floor(
            "Instances",
            on: ["CSystem", "SmallFiles", "Threads", "Attempts", "Artifacts", "Logs", "Sandbox"]),
        floor(
            "ImageArchives",
            on: ["SmallFiles", "Threads", "Cryptography", "Gzip", "Images", "JSON", "Tar"]),
        floor(
            "Registry",
            on: [
                "Threads", "Addresses", "Cryptography", "Curl", "HTTP", "ImageArchives", "Images",
                "Tar",
            ]),
        floor("Containers", on: ["SmallFiles", "Cryptography", "JSON", "Docker", "Attempts"]),
        floor("Sources", on: ["CSystem", "Cryptography", "Git", "Pipelines"]),
        floor(
            "Couriers",
            on: [
                "CLaunch", "Addresses", "Cryptography", "Git", "Images", "Attempts", "Sources",
                "Registry", "AWS", "ECR",
            ]),
        floor(
            "Watchers",
            on: [
                "CSystem", "SmallFiles", "Threads", "Addresses", "Cryptography", "Git", "Images",
                "Pipelines", "Engine", "Watching", "Attempts", "Sources", "Couriers",
            ]),
        floor(
            "Runner",
            on: [
                "CLaunch", "SmallFiles", "Threads", "Docker", "Images", "Pipelines", "Engine",
                "Assignments", "Attempts", "Containers", "Logs", "Sandbox", "TestReports",
            ]),
        floor(
            "Messengers",
            on: [
                "CLaunch", "Addresses", "Curl", "HTTP", "JSON", "SmallFiles", "Threads",
                "Pipelines", "Engine", "Webhooks", "Notices",
            ]),
        floor(
            "Targets",
            on: [
                "CLaunch", "SmallFiles", "Threads", "Addresses", "Cryptography", "Balancer",
                "Pipelines", "Deployment", "Assignments", "Attempts", "Instances",
            ]),
        floor(
            "Metrics",
            on: [
                "Threads", "Curl", "HTTP", "Pipelines", "Deployment", "Assignments",
            ]),
        floor("Vault", on: ["SmallFiles", "Cryptography", "Pipelines"]),
        floor(
            "AWS",
            on: [
                "CExpat", "Addresses", "Cryptography", "Curl", "HTTP", "JSON", "SmallFiles",
                "Zones",
            ]),
        floor("ECR", on: ["AWS", "Cryptography", "JSON"]),
        floor("Cloud", on: ["AWS", "JSON"]),
        floor(
            "Entrusting",
            on: ["AWS", "Assignments", "Cloud", "Deployment", "JSON", "Pipelines", "Threads"]),
        floor("Logins", on: ["Attempts", "AWS", "ECR", "Images"]),
        floor(
            "Store",
            on: ["CSystem", "SmallFiles", "SQLite", "Cryptography", "Pipelines", "Engine"]),

        // what the command asks of a server, and how people read its answers
        floor("Client", on: ["Curl", "HTTP", "JSON", "SmallFiles", "Zones", "Pipelines"]),

        // conductor: the only place that knows both sides
        floor("Conductor", on: ["Pipelines", "Deployment", "Engine", "Assignments", "Store"]),

        // what a house of this machine stands in
        floor(
            "Premises",
            on: [
                "SmallFiles", "YAML", "JSON", "Zones", "Cryptography", "Addresses", "Git", "Images",
                "Pipelines", "Engine", "Attempts", "Sandbox", "Artifacts", "Sources", "Couriers",
                "Watchers", "ECR", "Runner", "Conductor",
            ]),

        // the server: what is asked of it over HTTP, and what it joins
        floor(
            "Server",
            on: [
                "SmallFiles", "HTTP", "JSON", "YAML", "Zones", "Cryptography", "Images", "People",
                "Pipelines", "Deployment", "Engine",
                "Webhooks", "Attempts", "Logs", "Instances", "TestReports", "Store", "Vault",
                "Conductor",
            ]),
        floor(
            "Service",
            on: [
                "SmallFiles", "Threads", "YAML", "JSON", "Zones", "Cryptography", "Addresses",
                "HTTP", "Microhttpd", "Git", "Images", "Sources", "People", "Pipelines", "Engine",
                "Assignments", "Attempts", "Sandbox", "Runner",
                "Store", "Vault", "Watching", "Watchers", "Couriers", "Webhooks", "Notices",
                "Messengers", "Metrics", "Curl", "Conductor", "Deployment", "Entrusting",
                "Instances", "Targets", "Artifacts", "Premises", "Server",
            ]),

        // faces
        .executableTarget(
            name: "slipway",
            dependencies: [
                "CLaunch", "SmallFiles", "YAML", "JSON", "Zones", "Cryptography", "Git", "Docker",
                "Client", "HTTP", "Pipelines", "Engine",
                "Assignments", "Attempts", "Logs", "Sandbox", "Artifacts", "Sources", "Runner",
                "Store", "Vault", "TestReports", "Watchers", "Conductor", "Premises", "Service",
            ],
            swiftSettings: strict, linkerSettings: whole),

        .executableTarget(
            name: "slipway-supervisor",
            dependencies: ["Attempts", "Commands", "Sandbox", "Supervising"],
            swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-static-executable", "-use-ld=lld"])]),

        .executableTarget(
            name: "slipway-instance-supervisor",
            dependencies: ["Sandbox", "Serving", "Supervising"],
            swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-static-executable", "-use-ld=lld"])]),

        .executableTarget(
            name: "slipway-container-supervisor",
            dependencies: [
                "CLaunch", "SmallFiles", "Threads", "Doors", "JSON", "Docker", "Images", "Attempts",
                "Logs", "Sandbox", "Containers", "Supervising", "Serving", "Logins",
            ],
            swiftSettings: strict, linkerSettings: whole),

        .executableTarget(
            name: "slipway-image-supervisor",
            dependencies: [
                "SmallFiles", "Addresses", "JSON", "Zones", "Threads", "Tar", "Curl", "Docker",
                "Images", "Artifacts", "Attempts", "Commands", "Logs", "Sandbox", "Supervising",
                "ImageArchives", "Registry", "AWS", "ECR", "Logins",
            ],
            swiftSettings: strict, linkerSettings: whole),

        .executableTarget(
            name: "slipway-courier", dependencies: ["CReach", "Addresses", "Git", "Couriers"],
            swiftSettings: strict, linkerSettings: whole),

        // Static, so that nothing has to be found before it speaks.
        .executableTarget(
            name: "slipway-tell",
            cSettings: [.treatAllWarnings(as: .error)],
            linkerSettings: [.unsafeFlags(["-static-executable", "-nostartfiles"])]),

        // trials: programs that prove the house; not shipped
        .target(
            name: "CTrialDisk", dependencies: ["CSQLite"], path: "Trials/CTrialDisk"),
        trial(
            "Simulation",
            on: [
                "CTrialDisk", "Assignments", "Cryptography", "Pipelines", "People", "Engine",
                "Store", "Conductor",
            ]),

        trial("Rollouts", on: ["Deployment", "Pipelines", "Simulation"]),

        .executableTarget(
            name: "trial",
            dependencies: ["Simulation", "Rollouts", "Pipelines", "Engine", "SQLite", "Store"],
            path: "Trials/trial",
            swiftSettings: strict),

        .executableTarget(
            name: "bench",
            dependencies: [
                "CYAML", "Addresses", "Couriers", "Engine", "Git", "HTTP", "Microhttpd",
                "Pipelines", "SQLite", "Simulation", "Sources", "Store", "Watchers", "Watching",
            ],
            path: "Trials/bench", swiftSettings: strict),

        // Static, so that it runs in a sandbox that holds nothing else.
        .executableTarget(
            name: "escapes", path: "Trials/escapes/helper",
            cSettings: [.treatAllWarnings(as: .error)],
            linkerSettings: [.unsafeFlags(["-static-executable", "-nostartfiles"])]),

        tests(of: "Pipelines", with: ["JSON", "YAML"], beside: ["Golden"]),
        .target(
            name: "Support", dependencies: ["CLaunch", "Threads"], path: "Tests/Support",
            exclude: ["CloudDouble"],
            swiftSettings: strict),
        .target(
            name: "ImageSupport", dependencies: ["Images", "JSON", "Support"],
            path: "Tests/ImageSupport",
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "slipway", "slipway-courier", "CLaunch", "Cryptography", "Docker", "Engine",
                "ImageSupport", "JSON", "Pipelines", "Simulation", "Store", "Support", "Vault",
            ],
            exclude: ["ECRWorld", "EngineRelay"],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
        tests(
            of: "Engine", with: ["Deployment", "Images", "People", "Pipelines"], beside: ["Golden"]),
        tests(of: "People", with: ["Pipelines"]),
        tests(of: "SmallFiles", with: ["Support"]),
        tests(of: "Webhooks", with: ["Cryptography", "JSON"]),
        tests(of: "Notices", with: ["Engine", "JSON", "Pipelines", "YAML"]),
        tests(
            of: "Messengers",
            with: [
                "Addresses", "Engine", "JSON", "Notices", "Pipelines", "SmallFiles", "Support",
                "Threads", "Webhooks",
            ]),
        tests(
            of: "AWS", with: ["Curl", "ECR", "HTTP", "JSON", "SmallFiles", "Support"]),
        tests(
            of: "Cloud", with: ["AWS", "Curl", "JSON", "SmallFiles", "Support"]),
        tests(
            of: "Entrusting",
            with: ["Cloud", "Deployment", "JSON", "Pipelines", "Support", "Threads"]),
        tests(
            of: "Targets",
            with: [
                "Addresses", "Attempts", "Balancer", "Deployment", "Docker", "HTTP", "Instances",
                "Pipelines", "Runner", "Sandbox", "SmallFiles", "Support",
            ]),
        tests(of: "Metrics", with: ["Deployment", "Pipelines"]),
        tests(of: "Vault", with: ["Cryptography", "Pipelines", "SmallFiles", "Support"]),
        tests(of: "YAML"),
        tests(of: "Zones"),
        tests(of: "Attempts"),
        tests(of: "TestReports", with: ["Attempts", "Masking", "Support"]),
        tests(of: "Artifacts", with: ["Support"]),
        tests(of: "Sandbox", with: ["Attempts", "CLaunch", "Support"], beside: ["World"]),
        tests(of: "Addresses"),
        tests(of: "Balancer", with: ["Addresses", "SmallFiles", "Support"]),
        tests(of: "Threads"),
        tests(of: "Doors", with: ["Support"]),
        tests(of: "Serving", with: ["Attempts"]),
        tests(of: "Instances", with: ["Attempts", "Logs", "Sandbox", "Support"]),
        tests(of: "Client", with: ["Curl", "HTTP", "JSON", "Pipelines", "Support"]),
        tests(of: "HTTP"),
        tests(of: "Microhttpd", with: ["Curl", "HTTP", "Support"]),
        tests(of: "Curl", with: ["Addresses", "HTTP", "Support"]),
        tests(of: "Grpc"),
        tests(of: "Docker", with: ["Curl", "Grpc", "HTTP", "JSON", "Support", "Tar"]),
        tests(
            of: "Containers",
            with: ["Attempts", "Docker", "JSON", "Sandbox", "Support"]),
        tests(
            of: "Service",
            with: [
                "Addresses", "Assignments", "Conductor", "Couriers", "Engine", "Git", "Images",
                "JSON", "Notices", "People", "Pipelines", "Premises", "Runner", "Server", "Store",
                "Support", "Watching", "YAML",
            ]),
        tests(
            of: "Conductor",
            with: [
                "Assignments", "Deployment", "Engine", "Images", "Pipelines", "Store", "Support",
            ]),
        tests(
            of: "Server",
            with: [
                "Assignments", "Attempts", "Conductor", "Cryptography", "Deployment", "Engine",
                "HTTP", "Images", "JSON", "Logs", "People", "Pipelines", "Store", "Support",
                "TestReports", "Vault", "Webhooks", "YAML",
            ]),
        tests(of: "JSON"),
        tests(of: "Masking"),
        tests(of: "Logs", with: ["Masking", "Support"]),
        tests(of: "Cryptography"),
        tests(of: "Git", with: ["Support"]),
        tests(of: "Sources", with: ["Git", "Support"]),
        tests(of: "Images", with: ["HTTP"]),
        tests(of: "Tar", with: ["Support"]),
        tests(of: "Gzip", with: ["Support"]),
        tests(
            of: "ImageArchives", with: ["Images", "ImageSupport", "Support", "Tar", "Threads"]),
        tests(
            of: "Registry",
            with: ["Curl", "HTTP", "ImageArchives", "Images", "ImageSupport", "Support", "Tar"]),
        tests(of: "Deployment", with: ["Pipelines", "Rollouts"]),
        tests(of: "Watching", with: ["Engine", "Images", "Pipelines", "SmallFiles", "Zones"]),
        .testTarget(
            name: "WatchersTests",
            dependencies: [
                "slipway", "slipway-courier", "Addresses", "Attempts", "Couriers", "Engine", "Git",
                "ImageSupport", "Images", "Pipelines", "Sources", "Support", "Watchers", "Watching",
            ],
            swiftSettings: strict),
        tests(
            of: "Store",
            with: [
                "Conductor", "Cryptography", "Engine", "Pipelines", "Simulation", "SQLite",
                "Support",
            ]),
    ]
)
