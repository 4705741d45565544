using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Imports;
using Chard.Functions.Workflows;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Imports;

/// <summary>Lets <c>ImportCsv</c> be started by name: <c>{"workflow":"ImportCsv","args":{"source":"container/file.csv","table":"people"}}</c>.</summary>
public sealed class ImportCsvWorkflow(IOptions<ImportOptions> options) : IWorkflowDefinition
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <inheritdoc/>
    public string Name => nameof(ImportCsvOrchestrator.ImportCsv);

    /// <inheritdoc/>
    public IReadOnlyList<StartFault> Validate(JsonElement args)
    {
        try
        {
            return [.. ImportCsvArgsValidator.Validate(Read(args)).Select(f => new StartFault($"/{f.Argument}", f.Message))];
        }
        catch (JsonException e)
        {
            return [new StartFault("", $"The arguments of {Name} are source, table, columns, delimiter, encoding (text) and maxErrors (a number): {e.Message}")];
        }
    }

    /// <inheritdoc/>
    public object CreateInput(string workflowId, JsonElement args) =>
        new ImportCsvInput(workflowId, Read(args), options.Value.Retry, options.Value.ChunksInFlight);

    /// <summary>Arguments as the document of a start has them.</summary>
    public static JsonElement Write(ImportCsvArgs args) => JsonSerializer.SerializeToElement(args, WithoutNulls);

    private static readonly JsonSerializerOptions WithoutNulls = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static ImportCsvArgs Read(JsonElement args) => args.Deserialize<ImportCsvArgs>(Strict) ?? new ImportCsvArgs();
}
