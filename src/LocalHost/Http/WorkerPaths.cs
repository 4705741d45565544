using Microsoft.AspNetCore.Http;

namespace Chard.LocalHost.Http;

/// <summary>
/// The worker reads the route prefix from host.json alone; where a setting has changed it for the host, paths are translated.
/// </summary>
internal sealed record WorkerPaths(string HostPrefix, string WorkerPrefix)
{
    public PathString Translate(PathString path) =>
        HostPrefix == WorkerPrefix ? path : Root(WorkerPrefix).Add(path.StartsWithSegments(Root(HostPrefix), out var rest) ? rest : path);

    private static PathString Root(string prefix) => prefix.Length == 0 ? PathString.Empty : new PathString($"/{prefix}");
}
