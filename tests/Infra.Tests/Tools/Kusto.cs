using System.Text.Json;

namespace Chard.Infra.Tests.Tools;

/// <summary>Microsoft's parser of Kusto queries, tools/kusto: pinned by its lock file, installed by npm on first use.</summary>
internal static class Kusto
{
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    private static string Folder => RepositoryPaths.Of("tools", "kusto");

    /// <summary>Parses queries against the tables that Application Insights fills.</summary>
    public static async Task<IReadOnlyList<CheckedQuery>> CheckAsync(IEnumerable<NamedQuery> queries)
    {
        await Installed.Value;
        ToolResult check = await Tool.RunAsync(
            "node", ["check.js"], Folder, JsonSerializer.Serialize(queries, JsonSerializerOptions.Web));
        Assert.True(check.ExitCode == 0, check.Text);
        return JsonSerializer.Deserialize<List<CheckedQuery>>(check.Output, JsonSerializerOptions.Web)!;
    }

    private static async Task InstallAsync()
    {
        // npm writes this file last.
        if (!File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
        {
            ToolResult npm = await Tool.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], Folder);
            Assert.True(npm.ExitCode == 0, npm.Text);
        }
    }
}

/// <summary>A query, and where it stands.</summary>
internal sealed record NamedQuery(string Name, string Query);

/// <summary>What a query goes by.</summary>
/// <param name="Name">Where it stands.</param>
/// <param name="Errors">What is wrong with it, as <c>line:column sentence</c>.</param>
/// <param name="Comparisons">Columns, or members of Properties, that are compared with a text.</param>
/// <param name="Properties">Members of dynamic columns that it reads.</param>
internal sealed record CheckedQuery(
    string Name, IReadOnlyList<string> Errors, IReadOnlyList<Comparison> Comparisons, IReadOnlyList<Member> Properties);

/// <summary>A column that is compared with a text.</summary>
internal sealed record Comparison(string Column, string Value);

/// <summary>A member of a dynamic column.</summary>
internal sealed record Member(string Column, string Name);
