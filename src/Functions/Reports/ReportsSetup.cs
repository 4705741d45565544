using Chard.Functions.Imports;
using Chard.Functions.Imports.Databases;
using Chard.Platform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard.Functions.Reports;

/// <summary>Registers reports.</summary>
public static class ReportsSetup
{
    /// <summary>
    /// Adds workflow <c>GenerateReport</c>, which reads the database of imports with its settings
    /// <c>Chard:Imports</c>. Safe to call twice.
    /// </summary>
    public static ChardBuilder AddReports(this ChardBuilder chard)
    {
        ArgumentNullException.ThrowIfNull(chard);
        IServiceCollection services = chard.Services;
        chard.AddImports();
        services.TryAddSingleton<IReportData>(provider => provider.GetRequiredService<IImportDatabase>() switch
        {
            SqliteImportDatabase sqlite => new SqliteReportData(sqlite),
            PostgresImportDatabase postgres => new PostgresReportData(postgres),
            var other => throw new InvalidOperationException(
                $"Reports cannot read {other.GetType().Name}. Register an {nameof(IReportData)} for it."),
        });
        return chard.AddRoute("GetReport", Role.Reader).AddWorkflow<GenerateReportArgs>(
            nameof(GenerateReportOrchestrator.GenerateReport),
            [nameof(PlanReport), nameof(GenerateSection), nameof(CombineReport)],
            GenerateReportRules.Check);
    }
}
