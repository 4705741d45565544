using Chard.Emulator.Functions.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Lets functions take <c>HttpRequest</c> and return <c>IResult</c> or <c>IActionResult</c>.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Does so. Calling it twice is the same as once.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.All(service => service.ServiceType != typeof(AspNetCoreIntegration)))
        {
            builder.Services.AddSingleton<AspNetCoreIntegration>();
            builder.Services.TryAddSingleton<IWebHostEnvironment, WebHostEnvironment>();
            builder.Services.AddMvcCore();
        }

        return builder;
    }
}
