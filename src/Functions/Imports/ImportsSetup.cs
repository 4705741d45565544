using Chard.Functions.Imports.Databases;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Imports;

/// <summary>Registers imports.</summary>
public static class ImportsSetup
{
    /// <summary>
    /// Adds workflow <c>ImportCsv</c>, its blobs and its database, with settings from section
    /// <c>Chard:Imports</c>. Safe to call twice.
    /// </summary>
    public static ChardBuilder AddImports(this ChardBuilder chard)
    {
        ArgumentNullException.ThrowIfNull(chard);
        IServiceCollection services = chard.Services;
        services.AddOptions<ImportOptions>()
            .Configure<IConfiguration>((options, configuration) =>
            {
                options.Folder = configuration["LOCALHOST_DATA"] ?? options.Folder;
                configuration.GetSection(ImportOptions.Section).Bind(options);
            })
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton<ImportBlobs>();
        services.TryAddSingleton(provider => ImportDatabases.Create(provider.GetRequiredService<IOptions<ImportOptions>>().Value));
        services.AddHostedService<ImportStorageInitializer>();
        return chard
            .AddFailureRule<SqliteFailureRule>()
            .AddWorkflow<ImportCsvWorkflow>();
    }
}
