using System.Security.Cryptography;
using System.Text;
using Chard.LocalHost.Functions;
using Microsoft.AspNetCore.Http;

namespace Chard.LocalHost.Http;

/// <summary>
/// Who may call what. A key comes in the header <c>x-functions-key</c>, else in the query as <c>code</c>; a header counts even where it is
/// wrong.
/// The master key opens everything, others only what is exactly of their level. Without keys everybody may call everything.
/// </summary>
internal sealed class KeyCheck(FunctionKeys? keys)
{
    public bool Allows(FunctionDefinition function, HttpRequest request)
    {
        // A trigger that names no level asks for a function key.
        var level = function.Trigger.Text("authLevel") ?? "Function";
        return level.ToUpperInvariant() switch
        {
            "ANONYMOUS" => true,
            "FUNCTION" => Shows(request, keys?.Host, keys?.Functions.TryGetValue(function.Name, out var own) == true ? own : null),
            _ => Shows(request),
        };
    }

    public bool AllowsDurable(HttpRequest request) => Shows(request, keys?.Durable);

    public bool IsMaster(HttpRequest request) => Shows(request);

    private bool Shows(HttpRequest request, params ReadOnlySpan<string?> accepted)
    {
        if (keys is null)
        {
            return true;
        }

        var shown = (request.Headers.TryGetValue("x-functions-key", out var header) ? header : request.Query["code"]).ToString();
        var found = Same(keys.Master, shown);
        foreach (var key in accepted)
        {
            found |= key is not null && Same(key, shown);
        }

        return found;
    }

    private static bool Same(string key, string shown) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(shown));
}
