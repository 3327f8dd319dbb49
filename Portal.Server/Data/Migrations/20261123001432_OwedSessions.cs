using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Server.Data.Migrations
{
    /// <inheritdoc />
    public partial class OwedSessions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "SessionsKeptUntil",
                table: "ConnectorTasks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "StartedEndpoints",
                table: "ConnectorTasks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "OwedSessions",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    TaskId = table.Column<string>(type: "TEXT", nullable: false),
                    Settings = table.Column<string>(type: "TEXT", nullable: false),
                    Endpoints = table.Column<string>(type: "TEXT", nullable: false),
                    FirstClient = table.Column<int>(type: "INTEGER", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    Cause = table.Column<string>(type: "TEXT", nullable: false),
                    TriedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OwedSessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OwedSessions_ConnectorTasks_TaskId",
                        column: x => x.TaskId,
                        principalTable: "ConnectorTasks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_OwedSessions_TaskId",
                table: "OwedSessions",
                column: "TaskId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "OwedSessions");

            migrationBuilder.DropColumn(
                name: "SessionsKeptUntil",
                table: "ConnectorTasks");

            migrationBuilder.DropColumn(
                name: "StartedEndpoints",
                table: "ConnectorTasks");
        }
    }
}
