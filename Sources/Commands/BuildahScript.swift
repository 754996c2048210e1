package import Attempts
package import Images

/// How buildah builds an image in a sandbox, as a script for its shell. Whatever comes from a
/// pipeline is a quoted word, and an option's value is of one word with it.
package enum BuildahScript {
    /// Under `/inputs`, what is built.
    package static let context = "context"
    /// In the workspace, for each platform a folder with the images that buildah works with and the
    /// layers of earlier builds: in one of another platform it would take a layer for its own that
    /// was made by the same line.
    package static let store = "store"
    /// Under `/inputs`, layouts of the images that the Dockerfile names.
    package static let bases = "bases"
    /// The folder of one of them in there.
    package static func name(ofBase index: Int) -> String { "base-\(index)" }
    /// In the workspace, what has been built, as `docker save` would write it: whoever pushes that
    /// compresses its layers, which buildah leaves as they are. For each platform there is one.
    package static func archives(of build: ImageBuildSpec) -> [String] {
        build.platforms.isEmpty
            ? ["image.tar"] : build.platforms.indices.map { "image-\($0).tar" }
    }

    /// `secrets` are the names of those that the build asks for. Without users, who owns what in a
    /// base image is left out. Whatever image the build needs is in its store before it begins: it
    /// asks no registry for any.
    package static func text(
        _ build: ImageBuildSpec, of image: ImageSpec, secrets: [String], hasUsers: Bool
    ) throws(ImageMistake) -> String {
        let folder = build.folder.map { "/\($0)" } ?? ""
        return """
            cd \(quoted("/inputs/\(context)\(folder)"))
            \(preparation)
            \(format(of: build.dockerfile))
            engine() {
              buildah --root "$store" --runroot "$run" --storage-driver "$driver" \
            \(hasUsers ? "" : "--storage-opt \"$driver.ignore_chown_errors=true\"") "$@"
            }
            load() {
              engine pull -q --signature-policy /tmp/policy.json ${2:+"--platform=$2"} "oci:$1"
            }
            build() {
              archive=$1
              file=$2
              shift 2
              engine bud --pull-never \\
                --signature-policy /tmp/policy.json --format "$format" --layers "$@" \\
                --file="$file" \\
                --identity-label=false \(options(build, of: image, secrets)) \\
                --tag "docker-archive:/workspace/$archive" .
            }
            \(try builds(build).joined(separator: "\n"))

            """
    }

    /// One after the other, each in its own store.
    private static func builds(_ build: ImageBuildSpec) throws(ImageMistake) -> [String] {
        let platforms = try build.platforms.map { text throws(ImageMistake) in
            try Platform(parsing: text)
        }
        var builds: [String] = []
        for (target, archive) in archives(of: build).enumerated() {
            builds += [
                "begin \(target)", try loading(build, for: target),
                "dockerfile=\(quoted(build.dockerfile))",
            ]
            let stages = build.stages.filter { $0.target == target }
            if !stages.isEmpty { builds.append(try sayingPlatforms(of: stages)) }
            let command = "build \(archive) \"$dockerfile\""
            guard platforms.indices.contains(target) else {
                builds.append(command)
                continue
            }
            let platform = "\(platforms[target])"
            builds.append(
                watched("\(command) --platform=\(platform)", for: platform, of: platforms.count))
        }
        return builds
    }

    /// buildah takes what one `FROM --platform` says for all that follows, and knows no
    /// `BUILDPLATFORM` there: so the Dockerfile is built with the platform in every `FROM`.
    private static func sayingPlatforms(
        of stages: [ImageStageSpec]
    ) throws(ImageMistake) -> String {
        var edits: [String] = []
        for stage in stages {
            let platform = try Platform(parsing: stage.platform)
            edits.append(
                "\(stage.line){s,--platform=[^[:space:]]+,,;"
                    + "s,[Ff][Rr][Oo][Mm],& --platform=\(platform),}"
            )
        }
        return """
            sed -E \(quoted(edits.joined(separator: "\n"))) "./$dockerfile" > "$run/Dockerfile"
            for end in .containerignore .dockerignore; do
              if test -f "./$dockerfile$end"; then
                cp "./$dockerfile$end" "$run/Dockerfile$end"
              fi
            done
            dockerfile=$run/Dockerfile
            """
    }

    /// What it prints says which platform it is of, and where commands of that cannot be run, what
    /// to do. No tool tells the code of all that is in a pipe, so a file does.
    private static func watched(
        _ command: String, for platform: String, of count: Int
    ) -> String {
        let mark = count > 1 ? "s,^,[\(platform)] ,;" : ""
        let advice = quoted("slipway: \(Emulation.hint(for: platform))")
        return """
            rm -f /tmp/code
            { code=0; \(command) || code=$?; echo $code > /tmp/code; } 2>&1 |
              stdbuf -oL sed \(quoted("\(mark)/\(Emulation.sign)/w /tmp/foreign"))
            if test -s /tmp/foreign; then echo \(advice); fi
            code=$(cat /tmp/code)
            if test "$code" != 0; then exit "$code"; fi
            """
    }

    /// Layers lie on the disk, one over the other where the kernel lets an overlay lie there, and
    /// else each as a copy. What buildah keeps of a container, secrets among it, stays in memory:
    /// and it is a mount of our own, because those that are locked cannot be shown any other way.
    private static let preparation = """
        export _BUILDAH_STARTED_IN_USERNS=1 BUILDAH_ISOLATION=chroot
        export TMPDIR=/var/tmp HOME=/workspace/home
        export CONTAINERS_REGISTRIES_CONF=/tmp/registries.conf
        driver=vfs
        mkdir -p /workspace/tmp "$HOME" /workspace/try/a /workspace/try/b /workspace/try/c
        if mount -t overlay -o lowerdir=/workspace/try/a,upperdir=/workspace/try/b,\
        workdir=/workspace/try/c,userxattr overlay /workspace/try/a 2>/dev/null; then
          umount /workspace/try/a
          driver=overlay
        fi
        rm -rf /workspace/try
        echo '{"default":[{"type":"insecureAcceptAnything"}]}' > /tmp/policy.json
        echo 'unqualified-search-registries = ["docker.io"]' > /tmp/registries.conf
        begin() {
          store=/workspace/\(store)/$1
          run=/tmp/run/$1
          mkdir -p "$store/$driver-containers" "$run"
          mount -t tmpfs -o mode=0700,size=64m containers "$store/$driver-containers"
        }
        """

    /// Puts what the Dockerfile names into the store, under the names by which it will ask. What it
    /// names for several platforms becomes a list, of which each `FROM` takes its own.
    private static func loading(
        _ build: ImageBuildSpec, for target: Int
    ) throws(ImageMistake) -> String {
        let wanted = build.bases.indices.filter { build.bases[$0].targets.contains(target) }
        var (lines, done): ([String], Set<String>) = ([], [])
        for index in wanted {
            let reference = build.bases[index].reference
            let same = wanted.filter { build.bases[$0].reference == reference }
            guard done.insert(reference).inserted else { continue }
            let stored = quoted(try Reference(parsing: reference).nameInStore)
            let loads = same.map { index in
                let folder = "/inputs/\(bases)/\(name(ofBase: index))"
                let platform = build.isForPlatforms ? build.bases[index].platform : ""
                return "image=$(load \(folder) \(quoted(platform)))"
            }
            if same.count == 1 {
                lines += loads + ["engine tag \"$image\" \(stored)"]
                continue
            }
            let list = "slipway.invalid/list-\(index):1"
            lines.append("engine manifest rm \(list) >/dev/null 2>&1 || true")
            lines.append("engine manifest create \(list) >/dev/null")
            for load in loads {
                lines += [load, "engine manifest add \(list) \"$image\" >/dev/null"]
            }
            lines.append("engine tag \(list) \(stored)")
        }
        return lines.joined(separator: "\n")
    }

    /// That of the OCI comes out the same each time. It has no words for some of Docker's own, and
    /// buildah would leave those out: then it is Docker's, with names that it draws by lot.
    private static func format(of dockerfile: String) -> String {
        """
        format=oci
        if grep -qiE '^[[:space:]]*(healthcheck|onbuild|shell)[[:space:]]' \
          \(quoted("./\(dockerfile)"))
        then format=docker; fi
        """
    }

    private static func options(
        _ build: ImageBuildSpec, of image: ImageSpec, _ secrets: [String]
    ) -> String {
        var options: [String] = []
        if let target = build.target { options.append("--target=\(target)") }
        if let time = image.committedAt {
            options += ["--timestamp=\(time)", "--build-arg=SOURCE_DATE_EPOCH=\(time)"]
        }
        for argument in build.arguments {
            options.append("--build-arg=\(argument.name)=\(argument.value)")
        }
        for label in image.labels { options.append("--label=\(label.name)=\(label.value)") }
        for name in secrets { options.append("--secret=id=\(name),src=/run/secrets/\(name)") }
        return options.map(quoted).joined(separator: " ")
    }

    /// As one word for a shell, whatever is in it. By scalars: with an accent over it, a quote
    /// would be another character to Swift, and the same to the shell.
    private static func quoted(_ text: String) -> String {
        var word = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" { word += "'\\''" } else { word.unicodeScalars.append(scalar) }
        }
        return word + "'"
    }
}

extension Reference {
    /// A store finds an image by a digest only if it has one of its repository's names.
    fileprivate var nameInStore: String {
        if let tag { return "\(repository):\(tag)" }
        return "\(repository):" + (digest.map { "slipway-\($0.hex.prefix(12))" } ?? "latest")
    }
}
